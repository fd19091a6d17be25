import { join } from 'node:path';
import { expect, it } from 'vitest';
import { formatAnswerTurn, formatDrawingTurn } from '../../src/trace/format-turn';
import { writeTrace } from '../../src/trace/trace-line';
import { useSession } from './harness/session';
import { SCENE } from './harness/workspace';
import { sceneTrace, traceOf } from './traces';

const FILE = 'scenes.traces.jsonl';
const AWAY = 'away.traces.jsonl';
const TRACE = traceOf('marked', 'scene.png', [
  formatDrawingTurn('I mark the green triangle.', [
    { index: 1, bbox_2d: [59, 87, 81, 109], label: 'green triangle' },
  ]),
  formatDrawingTurn('Now the blue square.', [{ index: 2, bbox_2d: [80, 30, 100, 50], label: 'blue square' }]),
  formatAnswerTurn('The blue square is above the green triangle.', 'above'),
]);
const lines = (...traces: readonly Parameters<typeof writeTrace>[0][]) =>
  traces.map((trace) => `${writeTrace(trace)}\n`).join('');

const session = useSession({
  files: {
    'scene.png': SCENE,
    [FILE]: lines(sceneTrace('first'), TRACE),
    [AWAY]: lines(sceneTrace('away', 'far.png')),
    'elsewhere/far.png': SCENE,
  },
});

const NO_IMAGE = /marked, turn 2: The drawing names image 9/;
const BEYOND = /marked, turn 2: This reaches beyond the image/;

/** Types something into a field of the shape of turn 2. */
async function typeInto(name: 'On image' | 'x2', text: string): Promise<void> {
  const { view } = session().workbench;
  await view.chooseTurn(2);
  await view.find('.shape-row').filter({ hasText: 'blue square' }).click();
  const field = view.find('form[aria-label="Held shape"]').getByLabel(name, { exact: true });
  await field.fill(text);
  await field.press('Enter');
}

const codes = async (turn: number) => {
  const found = await session().workbench.view.turn(turn).locator('.findings li').all();
  return Promise.all(found.map((one) => one.getAttribute('data-code')));
};

it('a wrong number is found at its turn and among the problems, until it is taken back', async () => {
  const { workbench, page, probe } = session();
  const { view, problems } = workbench;
  await workbench.explorer.openFile(FILE);
  await probe.execute('workbench.actions.view.problems');
  await view.byRole('button', 'Next Trace').click();
  await typeInto('On image', '9');
  await expect.poll(() => codes(2)).toContain('no-such-image');
  await expect.poll(() => problems.rows(NO_IMAGE).count()).toBe(1);
  await view.byId('stage').focus();
  await page.keyboard.press('Control+z');
  await expect.poll(() => codes(2)).toEqual([]);
  await expect.poll(() => problems.rows(NO_IMAGE).count()).toBe(0);
});

it('what was saved wrong is among the problems as soon as the file is open again, and leads to its turn', async () => {
  const { workbench, page } = session();
  const { view, problems } = workbench;
  await typeInto('x2', '500');
  await expect.poll(() => problems.rows(BEYOND).count()).toBe(1);
  await view.byId('stage').focus();
  await page.keyboard.press('Control+s');
  await expect.poll(() => workbench.isDirty(FILE)).toBe(false);
  await workbench.closeEditor();
  await expect.poll(() => problems.rows(BEYOND).count()).toBe(0);
  await workbench.explorer.openFile(FILE);
  await expect.poll(() => view.byId('trace-index').innerText()).toBe('1 of 2');
  await expect.poll(() => problems.rows(BEYOND).count()).toBe(1);
  await problems.follow(BEYOND);
  await expect.poll(() => view.byId('trace-index').innerText()).toBe('2 of 2');
  await expect.poll(() => view.turn(2).getAttribute('class')).toContain('chosen');
  await typeInto('x2', '100');
  await expect.poll(() => problems.rows(BEYOND).count()).toBe(0);
});

it('the model goes on from a turn as it is edited, beside the trace, which stays as it is', async () => {
  const { workbench, probe } = session();
  const { view } = workbench;
  await probe.execute('workbench.action.closePanel');
  await typeInto('On image', '1');
  await view.byRole('button', /^More for Turn 2$/).click();
  await view.byRole('menuitem', 'Continue from Here').click();
  await view.byId('question').getByText('Continued from marked after turn 2').waitFor();
  await view.waitForEnd();
  expect(await view.turn(2).innerText()).toContain('"index": 1');
  await view.turn(3).waitFor();
  await workbench.closeEditor();
  await expect.poll(() => view.turn(3).innerText()).toContain('The blue square is above the green triangle.');
});

it('images that are not where their paths lead are found in a folder that is named', async () => {
  const { workbench, folder } = session();
  const { view, quickInput } = workbench;
  await workbench.explorer.openFile(AWAY);
  await view.byId('stage-notices').getByText('This image cannot be shown').waitFor();
  await view.byRole('button', 'Locate Images…').first().click();
  await quickInput.typeFolder(join(folder, 'elsewhere'));
  await quickInput.confirm('Look for Images Here');
  await view.waitForImage(2);
  expect(await view.picturePixels()).toEqual([140, 140]);
});
