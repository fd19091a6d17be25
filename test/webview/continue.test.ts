import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorkbench, TraceViewPage, type ViewOptions, type Workbench } from './harness/open-view';
import { editable, MAZE, PICTURES, shown } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

async function open(traces = [editable(MAZE)], more: Partial<ViewOptions> = {}): Promise<TraceViewPage> {
  const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces, ...more });
  await view.waitForShapes(1);
  return view;
}

const menu = (view: TraceViewPage, turn: number) =>
  view.page.getByRole('button', { name: `More for Turn ${turn}`, exact: true });
const item = (view: TraceViewPage) => view.page.getByRole('menuitem', { name: 'Continue from Here' });
const asked = (view: TraceViewPage) => view.host.asked.filter((one) => one.startsWith('continueFrom'));

it('a run goes on from a turn by its menu, and from the chosen turn by a command', async () => {
  const view = await open();
  await menu(view, 2).click();
  await item(view).click();
  await view.byId('notices').getByText('The run is in a view of its own.').waitFor();
  expect(asked(view)).toEqual(['continueFrom {"revision":0,"turn":1}']);
  await view.host.call('command', { command: 'continueFromHere' });
  await expect.poll(() => asked(view).at(-1)).toBe('continueFrom {"revision":0,"turn":0}');
  await view.close();
});

it('it goes on from a trace that cannot be edited too, but from no turn that answers', async () => {
  const view = await open([shown(MAZE)]);
  await menu(view, 3).click();
  expect(await view.page.getByRole('menuitem').allInnerTexts()).toEqual(['Continue from Here']);
  await view.page.keyboard.press('Escape');
  await view.chooseTurn(4);
  await view.byId('turn-4').getByText('The way ends at B.').waitFor();
  expect(await menu(view, 4).count()).toBe(0);
  await view.close();
});

it('it is not offered where no model may be run, nor while one speaks', async () => {
  const restricted = await open([editable(MAZE)], {
    abilities: { cannotRun: 'Not trusted.', save: false, locate: false },
  });
  await menu(restricted, 1).click();
  expect(await item(restricted).count()).toBe(0);
  expect(await restricted.byId('notices').innerText()).toContain('Not trusted.');
  await restricted.close();
  const running = await TraceViewPage.open(workbench, {
    pictures: PICTURES,
    traces: [shown(MAZE, { run: { state: 'running' } })],
  });
  await running.byId('turn-1').waitFor();
  expect(await running.page.getByRole('button', { name: /^More for Turn/ }).count()).toBe(0);
  await running.close();
});

it('what moved by keys goes along', async () => {
  const view = await open();
  await view.byId('stage').focus();
  for (const key of ['.', 'ArrowLeft']) await view.page.keyboard.press(key);
  await menu(view, 1).click();
  await item(view).click();
  await expect.poll(() => asked(view).length).toBe(1);
  expect(view.host.edits).toHaveLength(1);
  const order = view.host.asked.map((one) => one.split(' ')[0]).filter((one) => one !== 'image');
  expect(order.indexOf('edit')).toBeLessThan(order.indexOf('continueFrom'));
  await view.close();
});

it('a run that went on from another trace says so', async () => {
  const source = { continuedFrom: { trace: 'maze-7', turn: 2 } };
  const view = await open([shown({ ...MAZE, source })]);
  await view.byId('question').getByText('Continued from maze-7 after turn 2').waitFor();
  await view.close();
});
