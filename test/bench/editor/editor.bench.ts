import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Bars, median, note, noteLoad, percentile } from '../bars';
import { writePictures } from '../pictures';
import { LONG_EVERY, LONG_TURNS, TRACES, writeTraces } from './data';
import { bytesRead, hostMemory, peakDuring } from './memory';
import { TimedEditor } from './timed-editor';
import { readWhole } from './whole-file';

/**
 * The bars that the trace editor holds itself to, in a real VS Code, on generated files of 33,000 traces. Prints each with
 * its figure. Usage: scripts/bench-editor.mjs.
 */
const MB = 2 ** 20;
const SMALL = { name: 'small.json', megabytes: 100 };
const LARGE = { name: 'large.json', megabytes: Number(process.env.VILASR_BENCH_MB ?? 1000) };
/** A file of few traces, as long as those of the large one: what is measured on it is what any file costs. */
const TINY = { name: 'tiny.json', traces: 60, megabytes: (LARGE.megabytes * 60) / TRACES };
const ROUNDS = 5;
const JUMPS = 40;
const EDITS = 8;
const SAVES = 9;

const bars = new Bars();
let editor: TimedEditor;

const pathOf = (name: string): string => join(editor.folder, name);

beforeAll(async () => {
  editor = await TimedEditor.start();
  await writePictures(editor.folder, LONG_TURNS + 1);
  await writeTraces(pathOf(TINY.name), TINY.megabytes * MB, TINY.traces);
  for (const { name, megabytes } of [SMALL, LARGE]) {
    await writeTraces(pathOf(name), megabytes * MB);
    console.log(`${name}: ${TRACES} traces, ${(statSync(pathOf(name)).size / MB).toFixed(0)} MB`);
  }
}, 600_000);

afterAll(() => editor.close());

it('memory grows by little', async () => {
  noteLoad();
  const host = await editor.host();
  const before = { host: hostMemory(host), script: await editor.script() };
  const peak = await peakDuring(
    () => hostMemory(host),
    async () => {
      await editor.openFile(LARGE.name);
      await editor.waitForIndex(TRACES);
      await editor.openList();
      await editor.waitForList(TRACES);
      for (let i = 0; i < JUMPS; i++) await editor.jump(Math.floor(((i * 7919) % 997) * (TRACES / 997)));
    },
  );
  const script = (await editor.script()) - before.script;
  const after = hostMemory(host) - before.host;
  note('host and child processes after it all', after / MB, ' MB more');
  note('script of the window', script / MB, ' MB more');
  bars.most(
    'memory after opening, listing and jumping, at its peak',
    (peak - before.host + script) / MB,
    300,
    ' MB more',
  );
  await editor.closeFile();
});

it('the first trace is painted at once', async () => {
  noteLoad();
  const host = await editor.host();
  let tiny = Number.NaN;
  for (const { name, megabytes } of [{ ...TINY, megabytes: null }, SMALL, LARGE]) {
    const times: number[] = [];
    const read: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const before = bytesRead(host);
      times.push(await editor.openFile(name));
      read.push(bytesRead(host) - before);
      await editor.closeFile();
    }
    const painted = median(times);
    if (megabytes === null) {
      note(`first trace of ${name}, ${TINY.traces} traces`, painted, ' ms');
      tiny = painted;
      continue;
    }
    bars.most(`first trace of ${name} painted`, painted, 1000, ' ms');
    note('the slowest of them', Math.max(...times), ' ms');
    note('beyond the same for the file of few traces', painted - tiny, ' ms');
    note('read in the background by then', median(read) / statSync(pathOf(name)).size, ' of the file');
    // The window of VS Code alone takes longer than a tenth of what smaller files take to be read whole: for those see bench:data.
    if (name !== LARGE.name) continue;
    for (const [peer, seconds] of readWhole(pathOf(name)))
      bars.least(
        `${peer} reads it in ${seconds.toFixed(2)} s`,
        (seconds * 1000) / painted,
        10,
        ' times ours',
      );
  }
});

it('any trace is there at once', async () => {
  noteLoad();
  await editor.openFile(LARGE.name);
  await editor.waitForIndex(TRACES);
  await editor.openList();
  const there = TRACES / 4;
  await editor.waitForRead(there);
  const reading = await jumps(JUMPS, there);
  bars.most('jump while the list is being read, 95th percentile', percentile(reading, 0.95), 100, ' ms');
  note('median', median(reading), ' ms');
  await editor.waitForList(TRACES);
  const idle = await jumps(JUMPS, TRACES);
  bars.most('jump, 95th percentile', percentile(idle, 0.95), 100, ' ms');
  note('median', median(idle), ' ms');
  const sudden = await jumps(JUMPS, TRACES, 0);
  note('jump by a pointer that never rests, median', median(sudden), ' ms');
  note('95th percentile', percentile(sudden, 0.95), ' ms');
});

it('an edit is there at once', async () => {
  noteLoad();
  const [moved, redrawn]: number[][] = [[], []];
  for (let round = 0; round < EDITS; round++) {
    const index = (300 + round) * LONG_EVERY;
    await editor.jump(index);
    for (let i = 0; i < 3; i++) moved?.push(await editor.nudge());
    await editor.jump(index + LONG_EVERY * 20);
    redrawn?.push(await editor.redrawAll(index + LONG_EVERY * 20));
  }
  bars.most('a shape moved by a key, 95th percentile', percentile(moved ?? [], 0.95), 50, ' ms');
  bars.most(
    '10 images drawn anew after an edit, 95th percentile',
    percentile(redrawn ?? [], 0.95),
    500,
    ' ms',
  );
  note('median', median(redrawn ?? []), ' ms');
});

it('saving does not depend on the size of the file', async () => {
  noteLoad();
  await editor.save();
  await editor.closeFile();
  const times = new Map<string, number>();
  for (const { name, traces } of [TINY, { ...LARGE, traces: TRACES }]) {
    await editor.openFile(name);
    await editor.waitForIndex(traces);
    const all: number[] = [];
    for (let round = 0; round < SAVES; round++) {
      await editor.nudge();
      all.push(await editor.save());
    }
    const edits = readFileSync(pathOf(`${name}.edits.jsonl`), 'utf8')
      .trimEnd()
      .split('\n');
    expect(edits.length).toBeGreaterThanOrEqual(SAVES);
    times.set(name, median(all));
    note(`saving an edit of ${name}`, median(all), ' ms');
    await editor.closeFile();
  }
  const ratio = (times.get(LARGE.name) ?? Number.NaN) / (times.get(TINY.name) ?? Number.NaN);
  bars.most(`saving an edit of ${LARGE.name} beside ${TINY.name}`, ratio, 1.5, ' times');
  bars.most('opening with edits', await editor.openFile(LARGE.name), 1000, ' ms');
  await editor.closeFile();
});

it('all bars are held', () => {
  expect(bars.missed).toEqual([]);
});

/** Jumps here and there among the first traces of the file. */
async function jumps(count: number, among: number, dwell?: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) times.push(await editor.jump((i * 14_831 + 977) % among, dwell));
  return times;
}
