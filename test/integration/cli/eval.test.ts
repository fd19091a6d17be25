import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Trace } from '../../../src/trace/trace';
import { temporaryFolder } from '../../helpers/temporary-folder';
import {
  isAlive,
  type Running,
  randomModel,
  readTraces,
  startVilasr,
  tirelessModel,
  vilasr,
} from '../../helpers/vilasr';

const COUNT = 8;
let questions: string;
/** The traces of an evaluation that nothing stopped. */
let whole: Trace[];
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vilasr-test-'));
  await vilasr(['synth', 'maze', '--count', String(COUNT), '--seed', '4', '--out', folder]);
  questions = join(folder, 'questions.jsonl');
  const out = join(folder, 'whole.traces.jsonl');
  expect(await vilasr(evaluate(out))).toMatchObject({ exitCode: 0, stderr: noComplaint });
  whole = readTraces(out);
  return () => rm(folder, { recursive: true, force: true });
});

let out: string;
beforeEach(async () => {
  out = join(await temporaryFolder(), 'eval.traces.jsonl');
});

const evaluate = (file: string, ...more: string[]) => [
  ...['eval', questions, '--model', randomModel, '--provider', 'cpu', '--max-tokens', '12', '--out', file],
  ...more,
];

/** On a slow machine there is time for a line of progress or two. */
const noComplaint = expect.not.stringMatching(/vilasr: |not answered/);

const ids = (traces: readonly Trace[]) => traces.map(({ id }) => id);
const allIds = Array.from({ length: COUNT }, (_, i) => `maze-4-${i}`);

/** What a trace says, without times and paths. */
const gist = ({ id, turns, finish, answer, run }: Trace) => ({
  id,
  texts: turns.map(({ text }) => text),
  finish,
  answer,
  hash: run?.hash,
});

describe('vilasr eval', () => {
  it('asks every question once, in order, and records its gold and where it comes from', () => {
    expect(ids(whole)).toEqual(allIds);
    expect(whole[3]).toMatchObject({
      source: { questions: 'questions.jsonl', line: 4, gridSize: 3 },
      images: [{ path: 'images/maze-4-3.png' }],
      run: { drawing: true, limits: { maxTurns: 20 } },
    });
    expect(whole.every(({ gold }) => gold !== null)).toBe(true);
  });

  it('prints with --json one object', async () => {
    const { exitCode, stdout, stderr } = await vilasr(evaluate(out, '--limit', '3', '--json'));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: noComplaint });
    const result = JSON.parse(stdout);
    expect(Object.keys(result)).toEqual([
      'questions',
      'accuracy',
      'wellFormedTurns',
      'turns',
      'boxes',
      'lines',
      'seconds',
    ]);
    expect(result).toMatchObject({
      questions: 3,
      accuracy: 0,
      wellFormedTurns: 0,
      turns: 3,
      boxes: 0,
      lines: 0,
    });
    expect(result.seconds).toBeGreaterThan(0);
  });

  it('goes on from a smaller limit to a larger one, and counts only what it is asked for', async () => {
    await vilasr(evaluate(out, '--limit', '2'));
    expect(JSON.parse((await vilasr(evaluate(out, '--limit', '5', '--json'))).stdout).questions).toBe(5);
    expect(ids(readTraces(out))).toEqual(allIds.slice(0, 5));
    expect(JSON.parse((await vilasr(evaluate(out, '--limit', '3', '--json'))).stdout).questions).toBe(3);
    expect(ids(readTraces(out))).toEqual(allIds.slice(0, 5));
  });

  it('goes on with the weights that it began with, though nobody names them again', async () => {
    // A model as small as this one is held as fp32 if nothing else is asked for.
    await vilasr(evaluate(out, '--limit', '1', '--weights', 'int8'));
    expect((await vilasr(evaluate(out, '--limit', '3'))).exitCode).toBe(0);
    expect(readTraces(out).map(({ run }) => run?.weights)).toEqual(['int8', 'int8', 'int8']);
  });

  it('does not mix runs: other options are refused, by name', async () => {
    await vilasr(evaluate(out, '--limit', '2'));
    const before = await readFile(out, 'utf8');
    for (const [option, name] of [
      [['--no-drawing'], 'use of --no-drawing'],
      [['--max-turns', '3'], 'limits'],
      [['--temperature', '1'], 'sampling'],
      [['--weights', 'int8'], 'weights'],
    ] as const) {
      const { exitCode, stderr } = await vilasr(evaluate(out, ...option));
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`holds traces of another run (different ${name}, seen at maze-4-0)`);
    }
    expect(await readFile(out, 'utf8')).toBe(before);
  });
});

describe('an evaluation that is killed', () => {
  /** Kills the evaluation as soon as `traces` lines are there, and a little later. */
  async function killAfter(traces: number, delay: number): Promise<void> {
    const run = startVilasr(evaluate(out));
    const isThere = async () =>
      ((await readFile(out, 'utf8').catch(() => '')).match(/\n/g) ?? []).length >= traces;
    while (run.child.exitCode === null && !(await isThere())) await run.pause();
    await new Promise((resolve) => setTimeout(resolve, delay));
    run.child.kill('SIGKILL');
    await run.finished;
  }

  it.each([
    ['before it has answered one', 0, 300],
    ['after the first', 1, 0],
    ['in the middle', 3, 20],
    ['near the end', COUNT - 1, 5],
  ])('%s goes on, and no question is lost or repeated', async (_, traces, delay) => {
    await killAfter(traces, delay);
    expect((await vilasr(evaluate(out))).exitCode).toBe(0);
    expect(readTraces(out).map(gist)).toEqual(whole.map(gist));
  });

  it('again and again ends as if nothing had happened', async () => {
    for (let traces = 1; traces < COUNT; traces += 2) await killAfter(traces, traces * 3);
    expect((await vilasr(evaluate(out))).exitCode).toBe(0);
    expect(readTraces(out).map(gist)).toEqual(whole.map(gist));
  });

  it('while a line was written heals that line', async () => {
    await vilasr(evaluate(out, '--limit', '3'));
    const text = await readFile(out, 'utf8');
    const lastLine = text.lastIndexOf('\n', text.length - 2) + 1;
    for (const cut of [lastLine + 1, lastLine + 40, text.length - 2]) {
      await truncate(out, cut);
      expect((await vilasr(evaluate(out, '--limit', '3'))).exitCode).toBe(0);
      expect(readTraces(out).map(gist)).toEqual(whole.slice(0, 3).map(gist));
    }
  });
});

const slow = () => ['eval', questions, '--model', tirelessModel, '--max-tokens', '3000', '--out', out];

it('two evaluations into one file: the second is refused, until the first has ended in whatever way', async () => {
  const first = startVilasr(slow());
  while (first.children('engine').length === 0) await first.pause();
  expect(await vilasr(evaluate(out, '--limit', '1'))).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringContaining(`Another vilasr is writing to ${out}`),
  });
  first.child.kill('SIGKILL');
  await first.finished;
  expect((await vilasr(evaluate(out, '--limit', '1'))).exitCode).toBe(0);
  expect(ids(readTraces(out))).toEqual(allIds.slice(0, 1));
});

describe('an evaluation that is stopped', () => {
  it('by Ctrl-C says how far it came, with 1', async () => {
    const run = startVilasr(slow());
    while (run.children('engine').length === 0) await run.pause();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    run.child.kill('SIGINT');
    const { exitCode, stdout, stderr } = await run.finished;
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/cancelled/i);
    await expect(readFile(out)).rejects.toThrow('ENOENT');
  });

  it('by the death of the engine as it starts ends with 3; the same command goes on', async () => {
    await vilasr(evaluate(out, '--limit', '2'));
    const run = startVilasr(evaluate(out));
    while (run.children('engine').length === 0) await run.pause();
    for (const pid of run.children('engine')) process.kill(pid, 'SIGKILL');
    const { exitCode, stderr } = await run.finished;
    expect(exitCode).toBe(3);
    expect(stderr).toContain('killed');
    expect((await vilasr(evaluate(out))).exitCode).toBe(0);
    expect(readTraces(out).map(gist)).toEqual(whole.map(gist));
  });
});

describe('an evaluation whose engine dies', () => {
  /** Kills the engine once there is a question for it; gives the processes that it killed. */
  async function killEngine(run: Running): Promise<number[]> {
    // The process that reads the images starts with the first question, when the model is open.
    while (run.children('pixels').length === 0) await run.pause();
    const pids = run.children('engine').filter(isAlive);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    return pids;
  }

  it('once asks the question again, and ends as if nothing had happened', async () => {
    const run = startVilasr(evaluate(out));
    expect(await killEngine(run)).toHaveLength(1);
    expect(await run.finished).toMatchObject({ exitCode: 0, stderr: noComplaint });
    expect(readTraces(out).map(gist)).toEqual(whole.map(gist));
  });

  it('on a question each time goes on with the next one, and does not ask that question again', async () => {
    const run = startVilasr(slow());
    let isTold = false;
    const told = run
      .until(({ stderr }) => stderr.includes('maze-4-0 counts as not answered: '))
      .then(() => {
        isTold = true;
      });
    for (; !isTold; await run.pause()) await killEngine(run);
    await told;
    while (run.children('engine').length === 0) await run.pause();
    run.child.kill('SIGINT');
    expect((await run.finished).stderr).toContain('1 question of 8 done');
    expect(readTraces(out)).toMatchObject([
      { id: 'maze-4-0', finish: 'failed', error: expect.stringContaining('SIGKILL') },
    ]);
    const again = startVilasr(slow());
    while (again.children('pixels').length === 0) await again.pause();
    again.child.kill('SIGINT');
    expect((await again.finished).stderr).toContain('1 question of 8 done');
  });
});

describe('bad input ends with 2 and names file, line and field', () => {
  it('a question file with a broken row', async () => {
    const file = join(await temporaryFolder(), 'q.json');
    await writeFile(file, '[{"question": "q",\n "answer": "A"},\n{"question": 5}]');
    const { exitCode, stdout, stderr } = await vilasr(['eval', file, '--out', out]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(`${file} cannot be used:\n  line 1, image_path: it is missing\n`);
    expect(stderr).toContain('  line 3, question: it is no string\n');
  });

  it('a question file that is not there, and no --out', async () => {
    expect(await vilasr(['eval', '/nowhere/q.json', '--out', out])).toMatchObject({
      exitCode: 2,
      stderr: 'vilasr: The question file /nowhere/q.json cannot be read: it is not there.\n',
    });
    expect((await vilasr(['eval', questions])).stderr).toContain('--out is missing.');
  });
});
