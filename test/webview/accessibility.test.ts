import axe, { type AxeResults } from 'axe-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, TraceViewPage, type ViewOptions, type Workbench } from './harness/open-view';
import { THEMES } from './harness/themes';
import { editable, MAZE, PICTURES, SCENE, shown, video } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

const VIEWS = {
  'a trace with findings': { traces: [shown(SCENE, { correct: false }), shown(MAZE)] },
  'a trace that can be edited': { traces: [editable(SCENE), editable(MAZE)] },
  'a history': { traces: [editable(SCENE)] },
  'a run that goes on': {
    traces: [shown({ ...MAZE, finish: null }, { run: { state: 'running' }, speaking: '<think> At' })],
    abilities: { cannotRun: null, save: true, locate: false },
  },
  'a video': { traces: [shown(video(16, 4, 3), { correct: true })] },
} satisfies Record<string, ViewOptions>;

/** Colours differ from theme to theme, what else axe looks at does not. */
const CASES = [
  ...THEMES.map((theme) => ['a trace with findings', theme] as const),
  ...THEMES.map((theme) => ['a trace that can be edited', theme] as const),
  ...THEMES.map((theme) => ['a history', theme] as const),
  ['a run that goes on', 'light'],
  ['a video', 'dark'],
] as const;

/** A row's name says in words what its text says with signs, so that the one is not a part of the other. */
const RULES = { 'label-content-name-mismatch': { enabled: false } };

/** A shape is held and was moved, and two turns and the question are open or were changed. */
async function openForms(view: TraceViewPage): Promise<void> {
  await view.byId('stage').focus();
  for (const key of ['.', 'ArrowRight', 'e']) await view.page.keyboard.press(key);
  await view.byId('mark-bar').waitFor();
  const x1 = view.page.getByLabel('x1', { exact: true });
  await x1.fill('left');
  await x1.press('Enter');
  await view.page.getByRole('button', { name: 'Edit Question' }).click();
}

/** A shape was moved, and it is told what that changed in the words. */
async function openHistory(view: TraceViewPage): Promise<void> {
  await view.byId('stage').focus();
  for (const key of ['.', 'ArrowRight', 'e']) await view.page.keyboard.press(key);
  await view.byId('mark-bar').waitFor();
  await view.byId('toggle-history').click();
  await view.byId('text-change').waitFor();
}

describe('the accessibility rules of axe hold', () => {
  it.each(CASES)('for %s, in %s', async (what, theme) => {
    const view = await TraceViewPage.open(workbench, { pictures: PICTURES, theme, ...VIEWS[what] });
    await view.byId('stage').waitFor();
    if (what === 'a trace that can be edited') await openForms(view);
    if (what === 'a history') await openHistory(view);
    await view.page.evaluate(axe.source);
    const found = await view.page.evaluate<AxeResults>(`axe.run({ rules: ${JSON.stringify(RULES)} })`);
    expect(found.violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([]);
    expect(found.passes.length).toBeGreaterThan(20);
    await view.close();
  });
});
