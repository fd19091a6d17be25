import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { formatAnswerTurn, formatDrawingTurn } from '../../src/trace/format-turn';
import { writeTrace } from '../../src/trace/trace-line';
import { useSession } from './harness/session';
import { SCENE } from './harness/workspace';
import { traceOf } from './traces';

const box = (index: number, corners: readonly [number, number, number, number], label: string) =>
  ({ index, bbox_2d: corners, label }) as const;

const TRACE = traceOf('things', 'scene.png', [
  formatDrawingTurn('Two things.', [
    box(1, [59, 87, 81, 109], 'green triangle'),
    box(1, [80, 30, 100, 50], 'blue square'),
  ]),
  formatDrawingTurn('And the red square.', [box(2, [116, 116, 136, 136], 'red square')]),
  formatAnswerTurn('Three things.', '3'),
]);
const FILE = 'things.traces.jsonl';
const LINE = `${writeTrace(TRACE)}\n`;

const session = useSession({ files: { 'scene.png': SCENE, [FILE]: LINE } });
const clipboard = () => session().page.evaluate<string>('navigator.clipboard.readText()');

it('by the keyboard alone several shapes are selected and copied', async () => {
  const { page, workbench } = session();
  const { view } = workbench;
  await workbench.explorer.openFile(FILE);
  await view.waitForImage(2);
  await view.waitForShapes(2);
  await view.byId('stage').focus();
  await page.keyboard.press('.');
  await page.keyboard.press('Shift+>');
  await expect.poll(() => view.byId('announcement').innerText()).toBe('2 shapes are selected.');
  await page.keyboard.press('Control+c');
  await expect.poll(async () => JSON.parse(await clipboard())).toEqual(TRACE.turns[0]?.drawings);
});

it('they are pasted into another turn in one edit, which Undo takes back', async () => {
  const { page, workbench } = session();
  const { view } = workbench;
  await view.turn(2).locator('.turn-name').press('Enter');
  await view.waitForImage(3);
  await view.byId('stage').focus();
  await page.keyboard.press('Control+v');
  await expect.poll(() => view.turn(2).innerText()).toContain('[59, 87, 81, 109]');
  expect(await view.turn(2).innerText()).toContain('[80, 30, 100, 50]');
  expect(await workbench.isDirty(FILE)).toBe(true);
  await page.keyboard.press('Control+z');
  await expect.poll(() => view.turn(2).innerText()).not.toContain('[59, 87, 81, 109]');
  await expect.poll(() => workbench.isDirty(FILE)).toBe(false);
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(() => view.turn(2).innerText()).toContain('[59, 87, 81, 109]');
});

it('Ctrl+A selects all shapes of the turn, and Ctrl+X cuts them', async () => {
  const { page, workbench } = session();
  const { view } = workbench;
  await view.byId('stage').focus();
  await page.keyboard.press('Control+a');
  await expect.poll(() => view.byId('announcement').innerText()).toBe('3 shapes are selected.');
  await page.keyboard.press('Control+x');
  await expect.poll(() => view.turn(2).innerText()).not.toContain('bbox_2d');
  expect(await clipboard()).toContain('red square');
  await page.keyboard.press('Control+v');
  await expect.poll(() => view.turn(2).innerText()).toContain('[116, 116, 136, 136]');
});

it('the menu of the shapes pastes what is on the clipboard, which the view may not read itself', async () => {
  const { workbench } = session();
  const { view } = workbench;
  await view.byRole('button', 'More for Shapes').click();
  await view.byRole('menuitem', 'Paste Shapes').click();
  await expect.poll(() => view.turn(2).innerText()).toContain('red square copy');
});

it('text that is selected is copied as text', async () => {
  const { page, workbench } = session();
  await workbench.view
    .turn(1)
    .getByText('Two things.')
    .dblclick({ position: { x: 6, y: 8 } });
  await page.keyboard.press('Control+c');
  await expect.poll(clipboard).toMatch(/^Two/);
});

it('what was done is saved as edits, and the file keeps every byte', async () => {
  const { page, workbench, folder } = session();
  await workbench.view.byId('stage').focus();
  await page.keyboard.press('Control+s');
  await expect.poll(() => workbench.isDirty(FILE)).toBe(false);
  const events = readFileSync(join(folder, `${FILE}.edits.jsonl`), 'utf8')
    .trimEnd()
    .split('\n');
  const labels = events.map((line) => JSON.parse(line).label);
  expect(labels).toEqual(['Paste 2 Shapes', 'Cut 3 Shapes', 'Paste 3 Shapes', 'Paste 3 Shapes']);
  expect(readFileSync(join(folder, FILE), 'utf8')).toBe(LINE);
});
