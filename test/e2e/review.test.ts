import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeTrace } from '../../src/trace/trace-line';
import { pressUntil } from './harness/press-until';
import { photograph } from './harness/screenshots';
import { useSession } from './harness/session';
import { SCENE } from './harness/workspace';
import { sceneTrace } from './traces';

const FILE = 'set.traces.jsonl';

/** Five answers to each of six questions. */
const LINES = Array.from({ length: 30 }, (_, i) => {
  const sample = { question: `q${Math.floor(i / 5)}`, candidate: (i % 5) + 1 };
  return `${writeTrace({ ...sceneTrace(`c${i}`), source: { sample } })}\n`;
}).join('');

const session = useSession({ files: { 'scene.png': SCENE, [FILE]: LINES } });

const events = (): { type: string; verdict?: string; reason?: string; comment?: string }[] => {
  const path = join(session().folder, `${FILE}.edits.jsonl`);
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
};
const place = () => session().workbench.view.byId('trace-index').innerText();
const progress = () => session().workbench.view.byId('review-progress').innerText();

/** Presses a key that judges, and waits until the next trace is shown. */
async function judgeWith(key: string, next: number): Promise<void> {
  await session().page.keyboard.press(key);
  await expect.poll(place).toBe(`${next} of 30`);
}

it('a set of candidates is reviewed by keys alone', async () => {
  const { workbench, page } = session();
  const { view } = workbench;
  await workbench.explorer.openFile(FILE);
  await view.waitForShapes(1);
  await workbench.run('ViLaSR: Review Traces');
  // None of them corrects itself.
  await view.byId('all-pending').press('Enter');
  await expect.poll(progress).toContain('0 of 30 judged');
  await view.byId('stage').focus();
  for (let number = 1; number < 15; number++) await judgeWith(number % 3 === 0 ? 'r' : 'a', number + 1);
  expect(
    events()
      .map(({ verdict }) => verdict)
      .slice(0, 3),
  ).toEqual(['approved', 'approved', 'rejected']);
  expect(events()).toHaveLength(14);
  await photograph(page, 'review');
});

it('one that was judged too fast is gone back to, and its verdict taken back', async () => {
  const { page, workbench } = session();
  await page.keyboard.press('u');
  await expect.poll(place).toBe('14 of 30');
  await expect.poll(() => workbench.view.byId('judged').innerText()).toBe('Not judged');
});

it('a verdict has the reasons and the comment that were chosen and typed for it', async () => {
  const { page, workbench } = session();
  const { view } = workbench;
  await page.keyboard.press('1');
  await expect.poll(() => view.byId('reason-1').getAttribute('aria-pressed')).toBe('true');
  await page.keyboard.press('c');
  await view.find('#review-comment:focus').waitFor();
  await page.keyboard.type('area of the square');
  await page.keyboard.press('Enter');
  await view.find('[data-testid="stage"]:focus').waitFor();
  await pressUntil(page, 'r', async () => (await place()) === '15 of 30');
  expect(events().at(-1)).toMatchObject({
    ...{ verdict: 'rejected', reason: 'drawing is off', comment: 'area of the square' },
  });
});

it('is left and taken up again where the window was killed half-way', async () => {
  const { page, workbench } = session();
  await session().kill();
  const { view } = workbench;
  await view.waitForShapes(1);
  // VS Code keeps what a view shows once in a while: it may have kept nothing of a review that was just begun.
  if (!(await view.byId('review-progress').isVisible())) {
    await workbench.run('ViLaSR: Review Traces');
    await view.byId('all-pending').press('Enter');
  }
  await expect.poll(progress).toContain('14 of 30 judged');
  // VS Code may have kept what the view showed some time before; what is left to be judged goes on all the same.
  await expect.poll(place).toBe('15 of 30');
  // A window that was just opened has the focus nowhere.
  await workbench.view.byId('review-progress').click();
  await workbench.view.byId('stage').focus();
  await pressUntil(page, 'a', async () => (await place()) === '16 of 30');
});

it('other answers to the question are a key away', async () => {
  const { page, workbench } = session();
  expect(await workbench.view.byId('candidates').locator('.chip').count()).toBe(5);
  await page.keyboard.press(']');
  await expect.poll(place).toBe('17 of 30');
  await page.keyboard.press('[');
  await expect.poll(place).toBe('16 of 30');
});

it('answers are compared side by side by keys alone', async () => {
  const { page, workbench } = session();
  const { view } = workbench;
  await page.keyboard.press('d');
  const columns = view.byId('compare').locator('thead .compared-answer');
  await expect.poll(() => columns.count()).toBe(2);
  await expect.poll(() => view.byId('first-difference').innerText()).toBe('They say the same.');
  await photograph(page, 'compare');
  await page.keyboard.press(']');
  await expect.poll(place).toBe('17 of 30');
  await page.keyboard.press('[');
  await expect.poll(place).toBe('16 of 30');
  await page.keyboard.press('d');
  await view.byId('compare').waitFor({ state: 'detached' });
});

it('ends when nothing is left, and all is on disk', async () => {
  const { workbench } = session();
  for (let number = 16; number < 30; number++) await judgeWith('a', number + 1);
  await session().page.keyboard.press('a');
  await expect.poll(progress).toContain('30 of 30 judged');
  await workbench.view.byId('nothing-left').waitFor();
  expect(await workbench.isDirty(FILE)).toBe(false);
  expect(readFileSync(join(session().folder, FILE), 'utf8')).toBe(LINES);
});
