import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, TraceViewPage, type Workbench } from './harness/open-view';
import { editable, MAZE, PICTURES, SCENE, shown } from './harness/traces';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

async function open(trace = MAZE): Promise<TraceViewPage> {
  const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces: [editable(trace)] });
  await view.waitForShapes(trace === MAZE ? 1 : 2);
  return view;
}

const labels = (view: TraceViewPage) => view.host.edits.map(({ label }) => label);
const button = (view: TraceViewPage, name: string) => view.page.getByRole('button', { name, exact: true });
const field = (view: TraceViewPage, name: string) => view.page.getByLabel(name, { exact: true });

async function choose(view: TraceViewPage, turn: number, item: string): Promise<void> {
  await button(view, `More for Turn ${turn}`).click();
  await view.page.getByRole('menuitem', { name: item }).click();
}

describe('the first turn', () => {
  it('is written where nothing was said yet', async () => {
    const trace = { ...MAZE, turns: [] };
    const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces: [editable(trace)] });
    await view.byId('first-turn').getByText('Nothing was said yet.').waitFor();
    await view.screenshot('first-turn');
    await button(view, 'Insert First Turn').press('Enter');
    await field(view, 'Thinks').fill('I look.');
    await field(view, 'Thinks').press('Control+Enter');
    await expect.poll(() => labels(view)).toEqual(['Insert First Turn', 'Edit Turn']);
    expect(view.host.texts).toEqual(['<think> I look. </think> Action: Object Mapper']);
    await view.host.undo();
    await view.host.undo();
    await view.byId('first-turn').waitFor();
    expect(view.complaints).toEqual([]);
    await view.close();
  });

  it('is inserted before the one that was the first, and only there', async () => {
    const view = await open();
    await button(view, 'More for Turn 2').click();
    expect(await view.page.getByRole('menuitem', { name: 'Insert Turn Before' }).count()).toBe(0);
    await view.page.keyboard.press('Escape');
    await choose(view, 1, 'Insert Turn Before');
    await expect.poll(() => labels(view)).toEqual(['Insert Turn Before']);
    await view.page.getByRole('form', { name: 'Edit Turn 1' }).waitFor();
    expect(view.host.texts).toEqual([
      '<think>  </think> Action: Object Mapper',
      ...MAZE.turns.map(({ text }) => text),
    ]);
    await view.close();
  });

  it('is not offered where nothing can be edited', async () => {
    const trace = { ...MAZE, turns: [] };
    const view = await TraceViewPage.open(workbench, { pictures: PICTURES, traces: [shown(trace)] });
    await view.byId('first-turn').getByText('Nothing was said yet.').waitFor();
    expect(await button(view, 'Insert First Turn').count()).toBe(0);
    await view.close();
  });
});

describe('the text of a turn', () => {
  it('is written anew by its parts, with Ctrl+Enter to apply it', async () => {
    const view = await open();
    await button(view, 'Edit Turn 1').click();
    await field(view, 'Thinks').fill('At (70, 98). I go right.');
    await field(view, 'Action').selectOption('Object Mapper');
    await field(view, 'Thinks').press('Control+Enter');
    await expect.poll(() => labels(view)).toEqual(['Edit Turn']);
    expect(view.host.texts[0]).toBe(
      MAZE.turns[0]?.text
        .replace('Step 1: right.', 'I go right.')
        .replace('Action: Path Tracer', 'Action: Object Mapper'),
    );
    await expect.poll(() => view.page.getByRole('form').count()).toBe(0);
    await view.close();
  });

  it('is left alone when Escape is pressed, or nothing was changed', async () => {
    const view = await open();
    await button(view, 'Edit Turn 1').click();
    await field(view, 'Thinks').fill('Nothing.');
    await view.page.keyboard.press('Escape');
    await button(view, 'Edit Turn 1').click();
    await button(view, 'Apply (Ctrl+Enter)').click();
    await expect.poll(() => view.page.getByRole('form').count()).toBe(0);
    expect(labels(view)).toEqual([]);
    await view.close();
  });

  it('is still being written when the view was hidden meanwhile', async () => {
    const view = await open();
    await button(view, 'Edit Turn 2').click();
    await field(view, 'Thinks').fill('Half a thou');
    await expect
      .poll(() => view.page.evaluate<string>("sessionStorage.getItem('state')"))
      .toContain('Half a thou');
    await view.page.reload();
    await expect.poll(() => field(view, 'Thinks').inputValue()).toBe('Half a thou');
    await view.close();
  });

  it('is written as it is, with what is wrong with it said at once', async () => {
    const view = await open();
    await button(view, 'Edit Turn 4').click();
    await button(view, 'Whole Text').click();
    await field(view, 'Text').fill('<think> Done. </think> Action: Answer\n<answer> C');
    await view.page.getByText('one of the two is missing').waitFor();
    await field(view, 'Text').fill('<think> Done. </think> Action: Answer\n<answer> C </answer>');
    await button(view, 'Apply (Ctrl+Enter)').click();
    await expect.poll(() => view.host.texts[3]).toContain('<answer> C </answer>');
    await view.close();
  });

  it('is split where the caret is in its think text, and merged again', async () => {
    const view = await open();
    await button(view, 'Edit Turn 2').click();
    await field(view, 'Thinks').press('Control+Home');
    for (let i = 0; i < 30; i++) await view.page.keyboard.press('ArrowRight');
    await button(view, 'Split Here').click();
    await expect.poll(() => labels(view)).toEqual(['Split Turn']);
    expect(view.host.texts.length).toBe(5);
    expect(view.host.texts[1]).toContain('<think> After step 1 I am at (98, 98). </think>');
    await choose(view, 2, 'Merge with Next Turn');
    await expect.poll(() => view.host.texts.length).toBe(4);
    expect(view.host.texts[1]).toContain('Step 2: up.');
    await view.close();
  });
});

describe('turns', () => {
  it('are inserted and then written, doubled, moved and deleted from a menu', async () => {
    const view = await open();
    await choose(view, 1, 'Insert Turn After');
    await field(view, 'Thinks').fill('I look again.');
    await field(view, 'Thinks').press('Control+Enter');
    await expect.poll(() => view.host.texts[1]).toBe('<think> I look again. </think> Action: Object Mapper');
    await choose(view, 2, 'Move Turn Up');
    await expect.poll(() => view.host.texts[0]).toContain('I look again.');
    await choose(view, 1, 'Duplicate Turn');
    await expect.poll(() => view.host.texts.length).toBe(6);
    await choose(view, 1, 'Delete Turn');
    await choose(view, 1, 'Delete Turn');
    await expect.poll(() => view.host.texts).toEqual(MAZE.turns.map(({ text }) => text));
    await view.close();
  });

  it('that shift the numbers of images offer to renumber what names them', async () => {
    const view = await open();
    await choose(view, 1, 'Duplicate Turn');
    await button(view, 'Renumber Images').click();
    await expect.poll(() => labels(view)).toEqual(['Duplicate Turn', 'Renumber Images']);
    expect(view.host.texts[3]).toContain('"index": 4');
    await expect.poll(() => button(view, 'Renumber Images').count()).toBe(0);
    await view.close();
  });

  it('cannot be edited where the trace cannot', async () => {
    // Nor can a model go on from it here, which the menu of a turn would offer.
    const abilities = { cannotRun: 'This window is in Restricted Mode.', save: false, locate: false };
    const view = await TraceViewPage.open(workbench, {
      ...{ pictures: PICTURES, traces: [shown(MAZE)], abilities },
    });
    await view.waitForShapes(1);
    for (const name of [/^Edit/, /^More for/, 'New Box']) {
      expect(await view.page.getByRole('button', { name }).count()).toBe(0);
    }
    await view.close();
  });
});

describe('the question', () => {
  it('is written anew with its options and the right answer', async () => {
    const view = await open();
    await button(view, 'Edit Question').click();
    await view.page.getByRole('textbox', { name: 'Question' }).fill('Where does it end?');
    await field(view, 'Options, one a line').fill('A. left\n\nB. right');
    await field(view, 'Right answer').fill('A');
    await button(view, 'Apply (Ctrl+Enter)').click();
    await expect.poll(() => labels(view)).toEqual(['Edit Question']);
    expect(view.host.state().shown.trace).toMatchObject({
      question: 'Where does it end?',
      options: ['A. left', 'B. right'],
      gold: 'A',
    });
    await view.byId('question').getByText('Where does it end?').waitFor();
    await view.close();
  });
});

describe('what may be wrong after an edit', () => {
  it('is marked in the text and listed, gone to, and accepted', async () => {
    const view = await open(SCENE);
    await view.byId('stage').focus();
    await view.page.keyboard.press('.');
    await view.page.keyboard.press('ArrowRight');
    await view.byId('edited').waitFor();
    const bar = view.byId('mark-bar');
    await bar.getByText('places may be wrong').waitFor();
    const marks = view.page.getByRole('list', { name: 'To check' }).getByRole('listitem');
    await expect.poll(() => marks.count()).toBeGreaterThan(1);
    const count = await marks.count();
    await bar.getByText('Go to Next').click();
    await expect.poll(() => view.page.locator('.marked.lit').count()).toBe(1);
    await view.page
      .getByRole('button', { name: /^Accept: / })
      .first()
      .click();
    await expect.poll(() => marks.count()).toBe(count - 1);
    await bar.getByText('Accept All').click();
    await expect.poll(() => bar.count()).toBe(0);
    expect(await view.page.locator('.marked').count()).toBe(0);
    expect(await view.byId('edited').count()).toBe(1);
    await view.close();
  });
});
