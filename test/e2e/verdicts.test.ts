import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import { writeTrace } from '../../src/trace/trace-line';
import { photograph } from './harness/screenshots';
import { useSession } from './harness/session';
import { SCENE } from './harness/workspace';
import { sceneTrace } from './traces';

const FILE = 'scenes.traces.jsonl';
const LINES = ['first', 'second', 'third'].map((id) => `${writeTrace(sceneTrace(id))}\n`).join('');

const session = useSession({ files: { 'scene.png': SCENE, [FILE]: LINES } });

/** What the top of the view says of the trace that is shown. */
const judged = () => session().workbench.view.byId('judged').innerText();

/** Shows the trace at a place, from 1, and puts the focus on its image. */
async function show(place: number): Promise<void> {
  const { view } = session().workbench;
  for (;;) {
    const [now = 0] = /\d+/.exec(await view.byId('trace-index').innerText())?.map(Number) ?? [];
    if (now === place) break;
    await view.byRole('button', now < place ? 'Next Trace' : 'Previous Trace').click();
    const other = `${now < place ? now + 1 : now - 1} of 3`;
    await expect.poll(() => view.byId('trace-index').innerText()).toBe(other);
  }
  await view.byId('stage').focus();
}

const events = () =>
  readFileSync(join(session().folder, `${FILE}.edits.jsonl`), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

it('traces are approved and rejected by a key, on disk at once, and nothing is left to be saved', async () => {
  const { workbench, page, folder } = session();
  await workbench.explorer.openFile(FILE);
  await workbench.view.waitForShapes(1);
  expect(await judged()).toBe('Not judged');
  await show(1);
  await page.keyboard.press('a');
  await expect.poll(judged).toMatch(/^Approved/);
  await show(2);
  await page.keyboard.press('a');
  await expect.poll(judged).toMatch(/^Approved/);
  await show(3);
  await page.keyboard.press('r');
  await expect.poll(judged).toMatch(/^Rejected/);
  expect(events().map(({ type, verdict }) => [type, verdict])).toEqual([
    ['verdict', 'approved'],
    ['verdict', 'approved'],
    ['verdict', 'rejected'],
  ]);
  expect(await workbench.isDirty(FILE)).toBe(false);
  expect(readFileSync(join(folder, FILE), 'utf8')).toBe(LINES);
});

it('a verdict is taken back by a key, and by the palette', async () => {
  const { workbench, page } = session();
  await page.keyboard.press('u');
  await expect.poll(judged).toBe('Not judged');
  await workbench.run('ViLaSR: Needs Edit');
  await expect.poll(judged).toMatch(/^Needs edit/);
  await workbench.run('ViLaSR: Undo Verdict');
  await expect.poll(judged).toBe('Not judged');
  expect(await workbench.isDirty(FILE)).toBe(false);
});

it('a turn and a shape are judged by keys, besides the trace, and taken back by the same key', async () => {
  const { workbench, page } = session();
  const { view } = workbench;
  await show(1);
  const before = events().length;
  await page.keyboard.press('Shift+R');
  await view.byId('part-mark-1').waitFor();
  // The first shape of the image is chosen, and then it is what is judged.
  await page.keyboard.press('.');
  await page.keyboard.press('Shift+E');
  await view.byId('part-mark-1-1').waitFor();
  expect(await judged()).toMatch(/^Approved/);
  expect(
    events()
      .slice(before)
      .map(({ type, verdict, place }) => [type, verdict, place]),
  ).toEqual([
    ['part-verdict', 'rejected', { turn: 0 }],
    ['part-verdict', 'needs-edit', { turn: 0, shape: 0 }],
  ]);
  await photograph(page, 'part-verdicts');
  await page.keyboard.press('u');
  await view.byId('part-mark-1-1').waitFor({ state: 'detached' });
  await page.keyboard.press('u');
  await view.byId('part-mark-1').waitFor({ state: 'detached' });
  expect(await judged()).toMatch(/^Approved/);
  expect(await workbench.isDirty(FILE)).toBe(false);
  await show(3);
});

it('letters that are typed into a text, or pressed elsewhere in VS Code, judge nothing', async () => {
  const { workbench, page } = session();
  const { view } = workbench;
  const before = events().length;
  await view.byRole('button', 'Edit Turn 1').click();
  const think = view.find('textarea').first();
  await think.focus();
  await page.keyboard.press('End');
  await page.keyboard.type('area');
  await expect.poll(() => think.inputValue()).toContain('area');
  await page.keyboard.press('Escape');
  await workbench.explorer.select(FILE);
  await page.keyboard.press('a');
  await page.keyboard.press('r');
  await page.waitForTimeout(1000);
  expect(await judged()).toBe('Not judged');
  expect(events()).toHaveLength(before);
});

it('an edit of an approved trace makes it pending, and taking that back approved again', async () => {
  const { page, workbench } = session();
  const { view } = workbench;
  await show(2);
  await page.keyboard.press('.');
  await page.keyboard.press('ArrowRight');
  await expect.poll(judged).toMatch(/^Pending\s+edited since .* approved it/);
  await page.keyboard.press('Control+z');
  await expect.poll(judged).toMatch(/^Approved/);
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(judged).toMatch(/^Pending/);
  await photograph(page, 'verdict-edited-since');
  await view.byId('stage').focus();
});

it('a verdict on a trace with unsaved edits saves them first', async () => {
  const { page, workbench } = session();
  expect(await workbench.isDirty(FILE)).toBe(true);
  // With a shape in hand E is its next edge; let go, it is a verdict.
  await page.keyboard.press('Escape');
  await page.keyboard.press('e');
  await expect.poll(judged).toMatch(/^Needs edit/);
  await expect.poll(() => workbench.isDirty(FILE)).toBe(false);
  expect(events().slice(-2)).toMatchObject([{ type: 'edit' }, { type: 'verdict', verdict: 'needs-edit' }]);
});

it.each([
  ['Trace file', 'traces'],
  ['Hugging Face', 'huggingface'],
])('only approved traces are exported, if that is chosen: %s', async (label, format) => {
  const { workbench, folder } = session();
  const { quickInput, notifications } = workbench;
  await workbench.run('ViLaSR: Export Data Set…');
  await quickInput.waitUntilShown('Export Data Set');
  await quickInput.choose(label);
  await quickInput.waitUntilShown('Export Which Traces?');
  await quickInput.choose('Approved traces only');
  await quickInput.waitForText(/\/$/);
  await quickInput.confirm('Export Here');
  const out = `scenes-${format}`;
  await notifications.withText(`1 of 3 traces are in ${out}`).waitFor();
  expect(await idsOf(join(folder, out), format)).toEqual(['first']);
});

/** Ids of the traces of an export. */
async function idsOf(out: string, format: string): Promise<unknown[]> {
  if (format === 'traces') {
    return readFileSync(join(out, FILE), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).id);
  }
  const file = await asyncBufferFromFile(join(out, 'data/train.parquet'));
  const rows = await parquetReadObjects({ file, utf8: false });
  return rows.map(({ id }) => id);
}

it('verdicts are there after a reload of the window, and after it was killed', async () => {
  await session().reload();
  await session().workbench.view.waitForShapes(1);
  await show(1);
  await expect.poll(judged).toMatch(/^Approved/);
  await show(3);
  await session().page.keyboard.press('a');
  await expect.poll(judged).toMatch(/^Approved/);
  await session().kill();
  await session().workbench.view.waitForShapes(1);
  await show(3);
  await expect.poll(judged).toMatch(/^Approved/);
});

it('a reason is asked for where that is set, and Escape gives no verdict', async () => {
  const { page, probe, workbench } = session();
  const { quickInput } = workbench;
  await probe.configure('vilasr.review.askReason', true);
  await show(1);
  await page.keyboard.press('r');
  await quickInput.waitUntilShown('Reject Trace');
  await quickInput.cancel();
  await page.waitForTimeout(500);
  expect(await judged()).toMatch(/^Approved/);
  await show(1);
  await page.keyboard.press('r');
  await quickInput.waitUntilShown('Reject Trace');
  await quickInput.type('blurred');
  await quickInput.accept();
  await expect.poll(judged).toMatch(/^Rejected\s+.*: blurred/);
});

const THEMES = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  contrast: 'Default High Contrast',
};

it.each(Object.entries(THEMES))('can be looked at in %s', async (name, theme) => {
  const { page, probe, workbench } = session();
  await probe.configure('workbench.colorTheme', theme);
  await show(2);
  await workbench.view.waitForShapes(1);
  await page.waitForTimeout(1000);
  await photograph(page, `verdicts-${name}`);
});
