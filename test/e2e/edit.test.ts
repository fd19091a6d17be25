import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { formatAnswerTurn, formatDrawingTurn } from '../../src/trace/format-turn';
import { writeTrace } from '../../src/trace/trace-line';
import { useSession } from './harness/session';
import { SCENE } from './harness/workspace';
import { traceOf } from './traces';

const box = (index: number, corners: readonly [number, number, number, number], label: string) =>
  ({ index, bbox_2d: corners, label }) as const;

/** Marks four things one after the other, each on the image before, and answers. */
const TRACE = traceOf('marked', 'scene.png', [
  formatDrawingTurn('I mark the green triangle.', [box(1, [59, 87, 81, 109], 'green triangle')]),
  formatDrawingTurn('Now the blue square.', [box(2, [80, 30, 100, 50], 'blue square')]),
  formatDrawingTurn('The red square.', [box(3, [116, 116, 136, 136], 'red square')]),
  formatDrawingTurn('The purple triangle.', [box(4, [2, 56, 28, 84], 'purple triangle')]),
  formatAnswerTurn('The blue square is above the green triangle.', 'above'),
]);
const OTHER = traceOf('other', 'scene.png', [formatAnswerTurn('Nothing to see.', 'nothing')]);
const LINES = [TRACE, OTHER].map((trace) => `${writeTrace(trace)}\n`).join('');
const FILE = 'scenes.traces.jsonl';

const session = useSession({ files: { 'scene.png': SCENE, 'second.png': SCENE, [FILE]: LINES } });

/** How the box of turn 2 stands in its text, where it was and 10 to the right and 8 down from there. */
const BEFORE = '[80, 30, 100, 50]';
const AFTER = '[90, 38, 110, 58]';

it('a box is dragged, and everything that was drawn on it follows', async () => {
  const { workbench } = session();
  const { view } = workbench;
  await workbench.explorer.openFile(FILE);
  await view.chooseTurn(2);
  await view.waitForImage(3);
  await view.waitForShapes(2);
  await view.click([90, 31]);
  await view.drag([90, 40], [100, 48]);
  await expect.poll(() => view.turn(2).innerText()).toContain(AFTER);
  await view.byId('edited').waitFor();
  expect(await workbench.isDirty(FILE)).toBe(true);
  // Images 4 and 5 were drawn on image 3: what the model would see of them is another picture now.
  for (const number of [3, 4, 5]) {
    expect(await seen(number, [91, 48])).toBe('green');
    expect(await seen(number, [81, 40])).not.toBe('green');
  }
  expect(readFileSync(join(session().folder, FILE), 'utf8')).toBe(LINES);
});

it('what may be wrong now is marked, at the turn and at the words', async () => {
  const { view } = session().workbench;
  const marks = view.find('[data-testid="mark-bar"]');
  expect(await marks.innerText()).toMatch(/\d/);
  await view.turn(3).getByText('is drawn on image 3, which has changed').waitFor();
});

it('it is undone and done again by the keys of VS Code', async () => {
  const { page, workbench } = session();
  const { view } = workbench;
  await view.byId('stage').focus();
  await page.keyboard.press('Control+z');
  await expect.poll(() => view.turn(2).innerText()).toContain(BEFORE);
  await expect.poll(() => workbench.isDirty(FILE)).toBe(false);
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(() => view.turn(2).innerText()).toContain(AFTER);
});

it('another editor of the same file shows the same', async () => {
  const { page, workbench } = session();
  await workbench.run('View: Split Editor Right');
  await expect.poll(() => page.locator('iframe.webview.ready').filter({ visible: true }).count()).toBe(2);
  const other = workbench.viewAt(1);
  await expect.poll(() => other.turn(2).innerText()).toContain(AFTER);
  await other.chooseTurn(2);
  await other.waitForImage(3);
  await other.byId('stage').focus();
  await page.keyboard.press('Control+z');
  await expect.poll(() => workbench.viewAt(0).turn(2).innerText()).toContain(BEFORE);
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(() => workbench.viewAt(0).turn(2).innerText()).toContain(AFTER);
  await workbench.closeEditor();
});

it('edits that are not saved survive a window that is killed', async () => {
  const { page, workbench } = session();
  await expect.poll(() => backups(session().userData)).not.toEqual([]);
  // VS Code backs up what is not saved a moment after it was changed, and notes a moment later where.
  await page.waitForTimeout(4000);
  await session().kill();
  await expect.poll(() => workbench.isDirty(FILE)).toBe(true);
  await expect.poll(() => workbench.view.turn(2).innerText()).toContain(AFTER);
});

it('they are saved to a file beside, and the source keeps every byte', async () => {
  const { page, workbench, folder } = session();
  await workbench.view.byId('stage').focus();
  await page.keyboard.press('Control+s');
  await expect.poll(() => workbench.isDirty(FILE)).toBe(false);
  const [event, ...rest] = readFileSync(join(folder, `${FILE}.edits.jsonl`), 'utf8')
    .trimEnd()
    .split('\n');
  expect(rest).toEqual([]);
  expect(JSON.parse(event ?? '')).toMatchObject({ type: 'edit', label: 'Move Box', parent: null });
  expect(readFileSync(join(folder, FILE), 'utf8')).toBe(LINES);
});

it('by the keyboard alone a shape is chosen, moved and taken out', async () => {
  const { page, workbench } = session();
  const { view } = workbench;
  await view.chooseTurn(1);
  await view.waitForImage(2);
  await view.byId('stage').focus();
  await page.keyboard.press('.');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowDown');
  await expect.poll(() => view.turn(1).innerText()).toContain('[60, 97, 82, 119]');
  await page.keyboard.press('Delete');
  await expect.poll(() => view.turn(1).innerText()).not.toContain('bbox_2d');
  await page.keyboard.press('Control+z');
  await expect.poll(() => view.turn(1).innerText()).toContain('[60, 97, 82, 119]');
  await page.keyboard.press('Control+z');
  await expect.poll(() => view.turn(1).innerText()).toContain('[59, 87, 81, 109]');
  await expect.poll(() => workbench.isDirty(FILE)).toBe(false);
});

it('a file that changes on the disk under unsaved edits asks only if their trace is gone', async () => {
  const { page, workbench, folder } = session();
  const { view } = workbench;
  await view.chooseTurn(1);
  await view.waitForImage(2);
  await view.byId('stage').focus();
  await page.keyboard.press('.');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => workbench.isDirty(FILE)).toBe(true);
  const [first = '', second = ''] = LINES.split('\n');
  writeFileSync(join(folder, FILE), `${second}\n${first}\n`);
  await expect.poll(() => view.byId('question').innerText()).toContain('What is on scene.png?');
  await view.byRole('button', 'Next Trace').click();
  await expect.poll(() => view.turn(1).innerText()).toContain('[60, 87, 82, 109]');
  writeFileSync(join(folder, FILE), `${second}\n`);
  await page.locator('.monaco-dialog-box', { hasText: 'has changed on the disk' }).waitFor();
  await page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Discard My Edits' }).click();
  await expect.poll(() => workbench.isDirty(FILE)).toBe(false);
  writeFileSync(join(folder, FILE), LINES);
  await expect.poll(() => view.byId('trace-index').innerText()).toMatch(/ of 2/);
});

it('gets a second input image by a dialog, which comes first then; the shapes follow', async () => {
  const { workbench, page } = session();
  const { quickInput, view } = workbench;
  await workbench.explorer.openFile(FILE);
  await view.byId('image-menu').click();
  await view.byRole('menuitem', 'Add Images…').click();
  await quickInput.waitForText(/\/$/);
  await quickInput.choose('second.png');
  await quickInput.waitUntilHidden();
  await view.waitForImage(2);
  await expect.poll(() => view.turn(2).innerText()).toContain('"index": 3');
  await view.byId('image-menu').click();
  await view.byRole('menuitem', 'Move Image 2 Up').click();
  await view.waitForImage(1);
  await expect.poll(() => view.turn(1).innerText()).toContain('"index": 2');
  await page.keyboard.press('Control+s');
  await expect.poll(() => workbench.isDirty(FILE)).toBe(false);
});

it('is exported with its edits, ready to train on', async () => {
  const { workbench, folder } = session();
  const { quickInput, notifications } = workbench;
  await workbench.run('ViLaSR: Export Data Set…');
  await quickInput.waitUntilShown('Export Data Set');
  await quickInput.choose('LLaMA-Factory');
  await quickInput.waitForText(/\/$/);
  await quickInput.confirm('Export Here');
  await notifications.withText('2 of 2 traces are in').waitFor();
  const out = join(folder, 'scenes-llamafactory');
  const [row] = JSON.parse(readFileSync(join(out, 'scenes.json'), 'utf8'));
  expect(row.conversations.map(({ content }: { content: string }) => content).join('\n')).toContain(AFTER);
  expect(row.images).toHaveLength(6);
  for (const image of row.images) expect(existsSync(join(out, image))).toBe(true);
});

/** The name of the colour at a point of an image as the model would see it. */
async function seen(number: number, [x, y]: readonly [number, number]): Promise<string> {
  const { workbench } = session();
  const { view } = workbench;
  await view.choosePicture(number);
  await view.waitForImage(number);
  await view.byId('toggle-seen').click();
  await view.find('[data-testid=stage][data-pixels=seen]').waitFor();
  await expect.poll(() => view.pictureFile()).toMatch(/\.png$/);
  const { data, info } = await sharp(await view.pictureFile())
    .raw()
    .toBuffer({ resolveWithObject: true });
  const at = (y * info.width + x) * info.channels;
  await view.byId('toggle-seen').click();
  const [red, green, blue] = data.subarray(at, at + 3);
  return red === 0 && green === 128 && blue === 0 ? 'green' : `${red} ${green} ${blue}`;
}

/** Files in which VS Code keeps what is not saved. */
function backups(userData: string): string[] {
  return readdirSync(userData, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    const isBackup = entry.isFile() && path.includes('workspaceStorage');
    return isBackup && readFileSync(path, 'utf8').includes('"vilasr.edit/1"') ? [path] : [];
  });
}
