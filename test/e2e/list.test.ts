import { expect, it } from 'vitest';
import { withDerived } from '../../src/trace/derive';
import { formatAnswerTurn, formatDrawingTurn } from '../../src/trace/format-turn';
import type { Trace } from '../../src/trace/trace';
import { writeTrace } from '../../src/trace/trace-line';
import { useSession } from './harness/session';
import { MAZE } from './harness/workspace';

/** A trace about the maze that lies beside the file. */
function mazeTrace(id: string, texts: readonly string[]): Trace {
  const size = { width: 112, height: 112 };
  return withDerived({
    format: 'vilasr.trace/1',
    ...{
      id,
      question: 'Where does the way end?',
      options: [],
      type: 'multiple-choice',
      gold: 'C',
      kind: 'single',
    },
    images: [{ path: 'maze.png', file: size, model: size }],
    turns: texts.map((text) => ({ text, finish: 'stop', tokens: null, seconds: null })),
    ...{ finish: 'stop', error: null, run: null, source: null },
  });
}

const COUNT = 300;

/** Every tenth trace draws a box that reaches out of the image, every seventh answers wrongly; one says something that no other says. */
const LINES = Array.from({ length: COUNT }, (_, i) => {
  const right = i % 10 === 0 ? 500 : 40;
  const think = i === 222 ? 'A heffalump stands there.' : 'I look.';
  const turns = [
    formatDrawingTurn(think, [{ index: 1, bbox_2d: [10, 10, right, 40], label: 'spot' }]),
    formatAnswerTurn('So it is.', i % 7 === 0 ? 'B' : 'C'),
  ];
  return writeTrace(mazeTrace(`trace-${i + 1}`, turns));
});

const session = useSession({ files: { 'maze.png': MAZE, 'many.traces.jsonl': `${LINES.join('\n')}\n` } });

const count = () => session().workbench.view.byId('list-count').innerText();
const index = () => session().workbench.view.byId('trace-index').innerText();
const rows = () => session().workbench.view.find('[data-testid=trace-list] [role=option]');

it('lists all traces of a file, read in the background', async () => {
  const { workbench } = session();
  await workbench.explorer.openFile('many.traces.jsonl');
  await workbench.view.waitForShapes(1);
  await workbench.run('ViLaSR: Show or Hide List of Traces');
  await expect.poll(count).toBe('300 traces');
  expect(await rows().nth(1).getAttribute('aria-label')).toMatch(/^Trace 2, .*right$/);
});

it('filters by a finding, and goes on from trace to trace within that', async () => {
  const { view } = session().workbench;
  await view.byId('filter-findings').click();
  await view.byRole('menuitemcheckbox', /^out-of-image/).click();
  await expect.poll(count).toBe('30 of 300 traces');
  await session().workbench.run('ViLaSR: Next Trace');
  await expect.poll(index).toBe('11 of 300');
  await view.byRole('button', 'Clear Filters').click();
  await expect.poll(count).toBe('300 traces');
});

it('sorts by a column', async () => {
  const { view } = session().workbench;
  await view.byId('sort-findings').click();
  await expect.poll(() => rows().first().getAttribute('aria-label')).toContain('out-of-image');
  await view.byId('sort-findings').click();
  await view.byId('sort-findings').click();
  await rows().first().click();
  await session().page.keyboard.press('Home');
  await expect.poll(index).toBe('1 of 300');
});

it('searches through the whole file, by Ctrl+F from wherever the focus is, also with the list hidden', async () => {
  const { page, workbench } = session();
  const { view } = workbench;
  await view.byRole('button', 'Hide List of Traces').click();
  await view.byId('list-search').waitFor({ state: 'detached' });
  await view.byId('stage').focus();
  await page.keyboard.press('Control+f');
  await view.find('[data-testid=list-search]:focus').waitFor();
  await page.keyboard.type('HEFFALUMP');
  await expect.poll(count).toBe('1 of 300 traces');
  await rows().first().click();
  await expect.poll(index).toBe('223 of 300');
  await view.byId('list-search').fill('');
  await expect.poll(count).toBe('300 traces');
});

it('shows a trace that is edited as it is now', async () => {
  const { workbench } = session();
  const { view } = workbench;
  await view.click([25, 11]);
  await view.drag([25, 25], [35, 33]);
  await view.byId('edited').waitFor();
  await view.byId('filter-edited').click();
  await view.byRole('menuitemcheckbox', /^edited/).click();
  await expect.poll(count).toBe('1 of 300 traces');
  expect(await rows().first().getAttribute('aria-label')).toContain('edited');
});
