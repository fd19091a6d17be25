import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Bars, median, note, noteLoad, percentile } from '../bars';
import { writePictures } from '../pictures';
import { CANDIDATES, isWorthReview, writeCandidates } from './candidates';
import { hostMemory, peakDuring } from './memory';
import { TimedEditor } from './timed-editor';

/**
 * The bars that a review holds itself to, in a real VS Code, on a set of 100,000 candidates. Prints each with its figure.
 * Usage: scripts/bench-editor.mjs.
 */
const MB = 2 ** 20;
const SET = 'houses.traces.jsonl';
const VERDICTS = 200;
const ROUNDS = 3;

const bars = new Bars();
let editor: TimedEditor;

beforeAll(async () => {
  editor = await TimedEditor.start();
  await writePictures(editor.folder, 1);
  const path = join(editor.folder, SET);
  await writeCandidates(path);
  console.log(`${SET}: ${CANDIDATES} candidates, ${(statSync(path).size / MB).toFixed(0)} MB`);
}, 600_000);

afterAll(() => editor.close());

/** Numbers of the candidates that a review leads through, in order. */
const queue = Array.from({ length: CANDIDATES }, (_, i) => i).filter(isWorthReview);

it('a review begins at once, in bounded memory', async () => {
  noteLoad();
  const host = await editor.host();
  const before = { host: hostMemory(host), script: await editor.script() };
  const peak = await peakDuring(
    () => hostMemory(host),
    async () => {
      const early: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        if (round > 0) await editor.closeFile();
        await editor.openFile(SET);
        early.push(await editor.beginReview(queue[0] ?? 0));
      }
      bars.most('review of a set that was just opened, first candidate painted', median(early), 1000, ' ms');
      note('the slowest of them', Math.max(...early), ' ms');
      const began = performance.now();
      await editor.waitForQueue(queue.length);
      note('until all of the set was read', (performance.now() - began) / 1000, ' s');
      const late: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        await editor.endReview();
        late.push(await editor.beginReview(queue[0] ?? 0));
        await editor.waitForQueue(queue.length);
      }
      bars.most('review of a set that was read, first candidate painted', median(late), 1000, ' ms');
    },
  );
  const script = (await editor.script()) - before.script;
  note('host and child processes after it all', (hostMemory(host) - before.host) / MB, ' MB more');
  bars.most('memory, at its peak', (peak - before.host + script) / MB, 300, ' MB more');
});

it('a verdict leads to the next candidate at once', async () => {
  noteLoad();
  const times = await judgeAll(0);
  bars.most(
    'from a verdict to the next candidate painted, 95th percentile',
    percentile(times, 0.95),
    100,
    ' ms',
  );
  note('median', median(times), ' ms');
  await editor.showDrawn();
  const drawn = await judgeAll(VERDICTS);
  bars.most(
    'the same, its image with the shapes drawn into it, 95th percentile',
    percentile(drawn, 0.95),
    100,
    ' ms',
  );
  note('median', median(drawn), ' ms');
  const said = readFileSync(join(editor.folder, `${SET}.edits.jsonl`), 'utf8')
    .trimEnd()
    .split('\n');
  expect(said).toHaveLength(2 * VERDICTS);
});

it('all bars are held', () => {
  expect(bars.missed).toEqual([]);
});

/** Judges so many candidates of the queue, from a place on. Milliseconds of each. */
async function judgeAll(from: number): Promise<number[]> {
  const times: number[] = [];
  for (let k = from; k < from + VERDICTS; k++) {
    times.push(await editor.judge(k % 3 === 2 ? 'r' : 'a', queue[k + 1] ?? 0));
  }
  return times;
}
