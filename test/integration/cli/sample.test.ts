import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Trace } from '../../../src/trace/trace';
import { randomNumbers } from '../../helpers/random';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { randomModel, readTraces, startVilasr, vilasr } from '../../helpers/vilasr';

const KILLS = process.env.VILASR_LONG === '1' ? 100 : 6;

let questions: string;
/** The candidates of a set that nothing stopped. */
let whole: Trace[];
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vilasr-test-'));
  await vilasr(['synth', 'maze', '--count', '3', '--seed', '4', '--out', folder]);
  questions = join(folder, 'questions.jsonl');
  const out = join(folder, 'whole.traces.jsonl');
  expect(await vilasr(sample(out))).toMatchObject({ exitCode: 0 });
  whole = readTraces(out);
  return () => rm(folder, { recursive: true, force: true });
});

let out: string;
beforeEach(async () => {
  out = join(await temporaryFolder(), 'set.traces.jsonl');
});

const sample = (file: string, ...more: string[]) => [
  ...['sample', questions, '-n', '3', '--model', randomModel, '--max-tokens', '12', '--out', file],
  ...(more.includes('--parallel') ? more : [...more, '--parallel', '1']),
];

/** What a trace says, without times and paths. */
const gist = ({ id, turns, run }: Trace) => ({
  id,
  texts: turns.map(({ text }) => text),
  seed: run?.sampling.seed,
});

describe('vilasr sample', () => {
  it('draws candidates that differ, each with a seed of its own', () => {
    expect(whole.map(({ id }) => id)).toEqual(
      [0, 1, 2].flatMap((question) => [1, 2, 3].map((number) => `maze-4-${question}#${number}`)),
    );
    expect(new Set(whole.map(({ turns }) => turns[0]?.text)).size).toBeGreaterThan(6);
    expect(whole.every(({ run }) => run?.sampling.temperature === 1)).toBe(true);
  });

  it('draws the same again', async () => {
    await vilasr(sample(out, '--limit', '1'));
    expect(readTraces(out).map(gist)).toEqual(whole.slice(0, 3).map(gist));
  });

  it('prints with --json what the candidates come to', async () => {
    const { stdout } = await vilasr(sample(out, '--limit', '1', '--json'));
    expect(JSON.parse(stdout)).toEqual({ candidates: 3, right: 0, wellFormed: 0, reflective: 0, kept: 0 });
  });

  it('killed at any moment goes on, and no candidate is lost or drawn twice', async () => {
    const random = randomNumbers(8);
    for (let kill = 0; kill < KILLS; kill++) {
      const run = startVilasr(sample(out));
      await Promise.race([sleep(200 + random() * 1500), run.finished]);
      run.child.kill('SIGKILL');
      const { exitCode } = await run.finished;
      if (exitCode !== 0) continue;
      // All are there: from here on there is nothing left to be killed at.
      expect(readTraces(out).map(gist)).toEqual(whole.map(gist));
      await rm(out);
    }
    expect((await vilasr(sample(out))).exitCode).toBe(0);
    expect(readTraces(out).map(gist)).toEqual(whole.map(gist));
  });

  it('with several at once loses none and draws none twice either, whenever it is killed', async () => {
    const byId = (traces: readonly Trace[]) => traces.map(gist).sort((a, b) => (a.id < b.id ? -1 : 1));
    const random = randomNumbers(5);
    for (let kill = 0; kill < KILLS; kill++) {
      const run = startVilasr(sample(out, '--parallel', '8'));
      await Promise.race([sleep(200 + random() * 1500), run.finished]);
      run.child.kill('SIGKILL');
      await run.finished;
    }
    expect((await vilasr(sample(out, '--parallel', '8'))).exitCode).toBe(0);
    expect(byId(readTraces(out)).map(({ id, seed }) => [id, seed])).toEqual(
      byId(whole).map(({ id, seed }) => [id, seed]),
    );
  });

  it('does not mix sets, and leaves the file as it is', async () => {
    await vilasr(sample(out, '--limit', '1'));
    const before = await readFile(out, 'utf8');
    const { exitCode, stderr } = await vilasr(sample(out, '--seed', '9'));
    expect(exitCode).toBe(2);
    expect(stderr).toContain('holds candidates of another run (different sampling, seen at maze-4-0#1)');
    expect(await readFile(out, 'utf8')).toBe(before);
  });
});

describe('vilasr select', () => {
  it('keeps the traces that are examples, byte for byte, and says why others are not', async () => {
    const folder = await temporaryFolder();
    await vilasr(['synth', 'maze', '--count', '12', '--seed', '3', '--out', 'mazes'], { cwd: folder });
    const file = 'mazes/cold-start.traces.jsonl';
    const args = ['select', file, '--for', 'reflective', '--out', 'mazes/kept.traces.jsonl'];
    const { exitCode, stdout } = await vilasr([...args, '--json'], { cwd: folder });
    const { kept, leftOut } = JSON.parse(stdout);
    expect(exitCode).toBe(0);
    expect(kept + leftOut['no revision']).toBe(12);
    expect(kept).toBeGreaterThan(0);
    const lines = (await readFile(join(folder, file), 'utf8')).trim().split('\n');
    const keptLines = (await readFile(join(folder, 'mazes/kept.traces.jsonl'), 'utf8')).trim().split('\n');
    expect(keptLines).toHaveLength(kept);
    expect(lines).toEqual(expect.arrayContaining(keptLines));
    expect(await vilasr(args, { cwd: folder })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('is there already'),
    });
  });

  it('writes image paths that hold from where the kept traces lie', async () => {
    const folder = await temporaryFolder();
    await vilasr(['synth', 'maze', '--count', '6', '--seed', '3', '--out', 'mazes'], { cwd: folder });
    const args = [
      'select',
      'mazes/cold-start.traces.jsonl',
      '--for',
      'cold-start',
      '--out',
      'kept.traces.jsonl',
    ];
    expect((await vilasr(args, { cwd: folder })).exitCode).toBe(0);
    expect(await vilasr(['check', 'kept.traces.jsonl'], { cwd: folder })).toMatchObject({ exitCode: 0 });
  });
});
