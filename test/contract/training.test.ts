import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, expect, it } from 'vitest';
import { readTraces, vilasr } from '../helpers/vilasr';

const repository = join(import.meta.dirname, '..', '..');
/** The trainer reports every 25 steps of its first stage and every 50 of its second. */
const STEPS = 50;

let folder: string;
let model: string;
beforeAll(async () => {
  const python = process.env.VILASR_PYTHON;
  if (python === undefined)
    throw new Error('VILASR_PYTHON is not set: run these tests with npm run test:contract');
  folder = await mkdtemp(join(tmpdir(), 'vilasr-training-'));
  model = join(folder, 'model');
  const lessons = join(folder, 'stream.cjs');
  await build({
    entryPoints: [join(repository, 'training', 'stream.ts')],
    outfile: lessons,
    bundle: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
  });
  const run = (script: string, ...args: string[]) =>
    execFileSync(python, [join(repository, 'training', script), ...args], {
      cwd: repository,
      // What it says of a failure becomes part of the error.
      stdio: ['ignore', 'inherit', 'pipe'],
    });
  // Steps end each stage, not minutes.
  const limits = ['--steps', String(STEPS), '--vision-minutes', '60', '--minutes', '60'];
  run('train.py', '--run', join(folder, 'run'), '--script', lessons, ...limits);
  run('export.py', '--run', join(folder, 'run'), '--out', model);
  return () => rm(folder, { recursive: true, force: true });
}, 1_500_000);

it('trains both of its stages for some dozen steps, and sees better after them', async () => {
  const text = await readFile(join(folder, 'run', 'log.jsonl'), 'utf8');
  const log = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const [first, second] = log.filter(({ stage }) => stage === 'vision');
  expect(first).toMatchObject({ step: 25 });
  expect(second).toMatchObject({ step: 50 });
  expect(second.loss).toBeLessThan(first.loss);
  expect(log.at(-1)).toMatchObject({ stage: 'language', step: 50 });
});

it('exports a checkpoint that the engine finds sound, in the layout of the 7B', async () => {
  const { exitCode, stdout } = await vilasr(['model', 'check', model, '--json']);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    runs: true,
    model: { numbers: ['bfloat16'], tiedHead: true, shards: 1, unused: [] },
  });
  const config = JSON.parse(await readFile(join(model, 'config.json'), 'utf8'));
  expect(config).toMatchObject({ rope_scaling: { type: 'mrope' } });
});

it('exports a checkpoint that the loop runs', async () => {
  const data = join(folder, 'mazes');
  const out = join(folder, 'eval.traces.jsonl');
  await vilasr(['synth', 'maze', '--count', '3', '--out', data]);
  const questions = join(data, 'questions.jsonl');
  const { exitCode, stdout } = await vilasr([
    ...['eval', questions, '--model', model, '--max-tokens', '100', '--out', out, '--json'],
  ]);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout).questions).toBe(3);
  const traces = readTraces(out);
  expect(traces).toHaveLength(3);
  for (const { turns, run } of traces) {
    expect(['stop', 'length']).toContain(turns[0]?.finish);
    expect(run?.model).toBe('model');
  }
});
