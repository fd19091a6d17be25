import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { formatAnswerTurn, formatDrawingTurn } from '../../src/trace/format-turn';
import { writeTrace } from '../../src/trace/trace-line';
import { photograph } from './harness/screenshots';
import { useSession } from './harness/session';
import { SCENE } from './harness/workspace';
import { traceOf } from './traces';

const box = (index: number, corners: readonly [number, number, number, number], label: string) =>
  ({ index, bbox_2d: corners, label }) as const;

/** Marks two things, each on the image before, and answers. */
const TRACE = traceOf('marked', 'scene.png', [
  formatDrawingTurn('I mark the green triangle.', [box(1, [59, 87, 81, 109], 'green triangle')]),
  formatDrawingTurn('Now the blue square.', [box(2, [80, 30, 100, 50], 'blue square')]),
  formatAnswerTurn('The blue square is above the green triangle.', 'above'),
]);
const FILE = 'scenes.traces.jsonl';
const LINE = `${writeTrace(TRACE)}\n`;

const session = useSession({ files: { 'scene.png': SCENE, [FILE]: LINE } });

const view = () => session().workbench.view;
const detail = () => view().byId('history-detail');
const rows = () => view().find('#history .entry-label').allInnerTexts();
/** Whether the stage shows the edge of a box where that of turn 1 was first. */
const isInPlace = async () => ((await view().canvasPixels([[59.5, 98]]))[0]?.[3] ?? 0) > 0;
/** How the box of turn 1 stands in its text. */
const cornersOf = async () => /\[\d[^\]]*\]/.exec(await view().turn(1).innerText())?.[0];

it('two edits, made by keys, are in the history with who made them, and what is saved', async () => {
  const { page, workbench } = session();
  await workbench.explorer.openFile(FILE);
  await view().chooseTurn(1);
  await view().waitForImage(2);
  await view().waitForShapes(1);
  await expect.poll(isInPlace).toBe(true);
  await view().byId('stage').focus();
  await page.keyboard.press('.');
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(cornersOf).toBe('[69, 87, 91, 109]');
  await page.keyboard.press('Control+s');
  await expect.poll(() => workbench.isDirty(FILE)).toBe(false);
  await page.keyboard.press('Shift+ArrowDown');
  await expect.poll(cornersOf).toBe('[69, 97, 91, 119]');
  await expect.poll(isInPlace).toBe(false);
  await workbench.run('ViLaSR: Show or Hide the History of the Trace');
  await expect.poll(rows).toEqual(['Move Box', 'Move Box', 'Original']);
  await expect.poll(() => view().find('#history .unsaved').count()).toBe(1);
  expect(await detail().innerText()).toContain('Turn 1');
});

it('its pictures before and after are drawn and loaded', async () => {
  const { page } = session();
  await view().find('[role=tab]').filter({ hasText: 'Picture' }).click();
  const pictures = view().find('.picture-pair img');
  await expect.poll(() => pictures.count()).toBe(4);
  const sizes = () =>
    pictures.evaluateAll((all: { complete: boolean; naturalWidth: number }[]) =>
      all.map(({ complete, naturalWidth }) => complete && naturalWidth > 0),
    );
  await expect.poll(sizes).toEqual([true, true, true, true]);
  const sources = await pictures.evaluateAll((all: { src: string }[]) => all.map(({ src }) => src));
  expect(new Set(sources).size).toBe(4);
  // Nothing was pushed out of its place as the history was opened.
  expect(
    await view().find('body').evaluate('document.querySelector(".header").getBoundingClientRect().top'),
  ).toBe(0);
  expect(await view().find('body').evaluate('parent.document.scrollingElement.scrollTop')).toBe(0);
  await photograph(page, 'history');
});

it('the original is restored by an edit, which is listed; the stage shows it', async () => {
  const { page } = session();
  await view().find('#history').focus();
  await page.keyboard.press('End');
  await expect.poll(() => detail().innerText()).toContain('Restore the Original');
  await view().byId('restore').click();
  await expect.poll(cornersOf).toBe('[59, 87, 81, 109]');
  await expect.poll(isInPlace).toBe(true);
  await expect.poll(rows).toEqual(['Restore the Original', 'Move Box', 'Move Box', 'Original']);
  await expect.poll(() => view().byId('edited').count()).toBe(0);
});

it('undo takes the restoring back, and saved it stays an edit like any other', async () => {
  const { page, workbench, folder } = session();
  await view().byId('stage').focus();
  await page.keyboard.press('Control+z');
  await expect.poll(cornersOf).toBe('[69, 97, 91, 119]');
  await expect.poll(rows).toEqual(['Move Box', 'Move Box', 'Original']);
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(cornersOf).toBe('[59, 87, 81, 109]');
  await page.keyboard.press('Control+s');
  await expect.poll(() => workbench.isDirty(FILE)).toBe(false);
  await expect.poll(() => view().find('#history .unsaved').count()).toBe(0);
  const events = readFileSync(join(folder, `${FILE}.edits.jsonl`), 'utf8')
    .trimEnd()
    .split('\n');
  expect(events.map((line) => JSON.parse(line).label)).toEqual([
    'Move Box',
    'Move Box',
    'Restore the Original',
  ]);
  expect(readFileSync(join(folder, FILE), 'utf8')).toBe(LINE);
});
