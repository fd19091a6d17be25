import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pressUntil } from './harness/press-until';
import { useSession } from './harness/session';
import { MAZE, SCENE } from './harness/workspace';

const SET = 'questions.set.traces.jsonl';
const COUNT = 30;

const session = useSession({
  files: {
    ...{ 'maze.png': MAZE, 'scene.png': SCENE },
    'questions.jsonl': { copyOf: 'media/samples/questions.jsonl' },
  },
});

const text = (id: string) => session().workbench.view.byId(id).innerText();
const has = async (id: string) => (await session().workbench.view.byId(id).count()) > 0;
const inFolder = (...path: string[]) => join(session().folder, ...path);
const linesOf = (path: string): string[] => readFileSync(path, 'utf8').trimEnd().split('\n');
const idsOf = (path: string): string[] => linesOf(path).map((line) => JSON.parse(line).id);

/** The set as it was drawn, to the byte. */
let drawn = '';
/** What was said last of each candidate, by its id. */
const said = new Map<string, 'a' | 'r'>();
/** Id of the candidate that was edited. */
let edited = '';

/** Id of the candidate that is shown. */
async function shown(): Promise<string> {
  const [number = 0] = (/^\d+/.exec(await text('trace-index')) ?? []).map(Number);
  return JSON.parse(drawn.split('\n')[number - 1] ?? '{}').id;
}

/** How many of the list that is reviewed are judged, and of how many. */
async function progress(): Promise<{ done: number; total: number }> {
  const [done = Number.NaN, total = Number.NaN] =
    /(\d+) of (\d+) judged(?!…)/
      .exec(await text('review-progress'))
      ?.slice(1)
      .map(Number) ?? [];
  return { done, total };
}

/** Judges the candidate that is shown by a key, and waits until the next one is, or nothing is left. */
async function judge(key: 'a' | 'r'): Promise<void> {
  const id = await shown();
  const { done } = await progress();
  said.set(id, key);
  await pressUntil(session().page, key, async () => (await progress()).done === done + 1);
  await expect.poll(async () => (await shown()) !== id || (await has('nothing-left'))).toBe(true);
}

/** Judges until so many of all are judged. Every third one is rejected. */
async function judgeUpTo(count: number): Promise<void> {
  while (said.size < count) await judge(said.size % 3 === 2 ? 'r' : 'a');
}

/** Goes on by the Tab key until the element has the focus. */
async function tabTo(id: string): Promise<void> {
  const { page, workbench } = session();
  const focused = workbench.view.find(`[data-testid="${id}"]:focus`);
  for (let tries = 0; tries < 100 && (await focused.count()) === 0; tries++) await page.keyboard.press('Tab');
  await focused.waitFor();
}

it('candidates are sampled from a question file', async () => {
  const { explorer, quickInput, view } = session().workbench;
  const menu = await explorer.rightClick('questions.jsonl');
  await menu.choose('Sample Candidates…');
  await quickInput.waitUntilShown('Sample Candidates with Bundled model');
  await quickInput.choose('Candidates of each question');
  await quickInput.waitUntilShown('Candidates of Each Question');
  await quickInput.type('15');
  await quickInput.accept();
  await quickInput.waitUntilShown('Sample Candidates with Bundled model');
  await quickInput.choose('Begin');
  await expect
    .poll(() => text('activity').catch(() => ''), { timeout: 90_000 })
    .toBe('All candidates are there');
  expect(await text('done')).toBe(`${COUNT} of ${COUNT}`);
  drawn = readFileSync(inFolder(SET), 'utf8');
  expect(new Set(idsOf(inFolder(SET))).size).toBe(COUNT);
  await view.byId('review').press('Enter');
});

it('the review begins with those that are worth it, and goes on to all, by keys alone', async () => {
  await expect.poll(async () => (await progress()).done).toBe(0);
  const { total } = await progress();
  await judgeUpTo(total);
  await session().workbench.view.byId('nothing-left').waitFor();
  await tabTo('all-pending');
  await session().page.keyboard.press('Enter');
  await expect.poll(progress).toEqual({ done: said.size, total: COUNT });
  await tabTo('stage');
  await judgeUpTo(12);
});

it('a verdict that was given too fast is taken back, and another one given', async () => {
  const { page, workbench } = session();
  const before = await shown();
  const id = [...said.keys()].at(-1);
  await pressUntil(page, 'u', async () => (await progress()).done === 11);
  await expect.poll(shown).toBe(id);
  expect(await workbench.view.byId('judged').innerText()).toBe('Not judged');
  await judge('a');
  await expect.poll(shown).toBe(before);
});

it('a box is put right where it stands, and the candidate approved as it is then', async () => {
  const { page, workbench } = session();
  const { view } = workbench;
  edited = await shown();
  await tabTo('stage');
  const before = await view.turn(1).innerText();
  await page.keyboard.press('.');
  await page.keyboard.press('ArrowRight');
  await view.byId('edited').waitFor();
  await expect.poll(() => view.turn(1).innerText()).not.toBe(before);
  // Let go, keys are commands again.
  await page.keyboard.press('Escape');
  await judge('a');
  expect(await workbench.isDirty(SET)).toBe(false);
  expect(readFileSync(inFolder(SET), 'utf8')).toBe(drawn);
});

it('two answers are compared side by side', async () => {
  const { page, workbench } = session();
  const { view } = workbench;
  const columns = view.byId('compare').locator('thead .compared-answer');
  await pressUntil(page, 'd', async () => (await columns.count()) === 2);
  await view.byId('first-difference').waitFor();
  await pressUntil(page, 'd', async () => !(await has('compare')));
});

it('a window that is killed half-way goes on where it was', async () => {
  const { page, workbench } = session();
  await judgeUpTo(COUNT / 2);
  const next = await shown();
  await session().kill();
  await workbench.view.byId('stage').waitFor();
  await expect.poll(() => progress().catch(() => null)).toEqual({ done: COUNT / 2, total: COUNT });
  await expect.poll(shown).toBe(next);
  await page.keyboard.press('Control+1');
  await tabTo('stage');
  await judgeUpTo(COUNT);
  await workbench.view.byId('nothing-left').waitFor();
});

it('what was approved is exported, with the edit, and the set is as it was drawn', async () => {
  const { quickInput, notifications } = session().workbench;
  const approved = [...said].flatMap(([id, key]) => (key === 'a' ? [id] : [])).sort();
  for (const [label, format] of [
    ['Trace file', 'traces'],
    ['LLaMA-Factory', 'llamafactory'],
  ] as const) {
    await session().workbench.run('ViLaSR: Export Data Set…');
    await quickInput.waitUntilShown('Export Data Set');
    await quickInput.choose(label);
    await quickInput.waitUntilShown('Export Which Traces?');
    await quickInput.choose('Approved traces only');
    await quickInput.waitForText(/\/$/);
    await quickInput.confirm('Export Here');
    await notifications
      .withText(`${approved.length} of ${COUNT} traces are in questions.set-${format}`)
      .waitFor();
  }
  expect(readFileSync(inFolder(SET), 'utf8')).toBe(drawn);

  const traces = inFolder('questions.set-traces', SET);
  expect(idsOf(traces).sort()).toEqual(approved);
  const before = new Map(
    drawn
      .trimEnd()
      .split('\n')
      .map((line) => [JSON.parse(line).id, JSON.parse(line)]),
  );
  const changed: string[] = [];
  for (const line of linesOf(traces)) {
    const { id, turns, images } = JSON.parse(line);
    if (JSON.stringify(turns) !== JSON.stringify(before.get(id).turns)) changed.push(id);
    for (const { path } of images) expect(existsSync(inFolder('questions.set-traces', path))).toBe(true);
  }
  expect(changed).toEqual([edited]);

  const rows = JSON.parse(readFileSync(inFolder('questions.set-llamafactory', 'questions.set.json'), 'utf8'));
  expect(rows).toHaveLength(approved.length);
  for (const { images } of rows) {
    expect(images.length).toBeGreaterThan(1);
    for (const image of images) expect(existsSync(inFolder('questions.set-llamafactory', image))).toBe(true);
  }
});
