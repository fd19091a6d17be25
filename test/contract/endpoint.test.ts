import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Trace } from '../../src/trace/trace';
import { startTransformersServe } from '../helpers/transformers-serve';
import { bundledModel, readTraces, startVilasr, vilasr } from '../helpers/vilasr';

const samples = join(bundledModel, '..', 'samples', 'questions.jsonl');
const profile = join(bundledModel, 'vilasr_profile.json');

let folder: string;
let url: string;
beforeAll(async () => {
  const python = process.env.VILASR_PYTHON;
  if (python === undefined)
    throw new Error('VILASR_PYTHON is not set: run these tests with npm run test:contract');
  folder = await mkdtemp(join(tmpdir(), 'vilasr-endpoint-'));
  const server = await startTransformersServe(python, bundledModel, folder);
  url = server.url;
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}, 240_000);

/** The model behind the server. It does not say what profile and what largest image its model knows; we do. */
const served = () => [
  '--model',
  url,
  '--served-model',
  bundledModel,
  '--profile',
  profile,
  '--max-pixels',
  '38416',
];

async function evaluate(questions: string, name: string, ...model: string[]): Promise<Trace[]> {
  const out = join(folder, `${name}.traces.jsonl`);
  const { exitCode, stderr } = await vilasr(['eval', questions, '--out', out, '--json', ...model]);
  if (exitCode !== 0) throw new Error(stderr);
  return readTraces(out);
}

/** What was said and drawn, and what came of it. */
const heard = ({ id, turns, answer, finish, images, run }: Trace) => ({
  id,
  turns: turns.map(({ text, finish: end, drawings, images: drawn }) => ({ text, end, drawings, drawn })),
  answer,
  finish,
  images,
  limits: run?.limits,
});

describe('transformers serve with the bundled checkpoint', () => {
  it('says, greedy, the very words of the engine here, and draws the very shapes: the samples', async () => {
    const there = await evaluate(samples, 'samples-there', ...served());
    const here = await evaluate(samples, 'samples-here', '--weights', 'fp32');
    expect(there.map(heard)).toEqual(here.map(heard));
    expect(there.map(({ run }) => [run?.model, run?.provider, run?.hash])).toEqual([
      [bundledModel, 'endpoint', null],
      [bundledModel, 'endpoint', null],
    ]);
    // The server counts the end token of a turn, too.
    const tokens = (traces: Trace[]) => traces.flatMap(({ turns }) => turns.map((turn) => turn.tokens));
    expect(tokens(there)).toEqual(tokens(here).map((count) => (count ?? 0) + 1));
  });

  it.each(['maze', 'scene'])('says the very words of the engine here about a new %s, too', async (family) => {
    const data = join(folder, family);
    await vilasr(['synth', family, '--count', '3', '--seed', '77', '--out', data]);
    const questions = join(data, 'questions.jsonl');
    const there = await evaluate(questions, `${family}-there`, ...served());
    const here = await evaluate(questions, `${family}-here`, '--weights', 'fp32');
    expect(there).toHaveLength(3);
    expect(there.map(heard)).toEqual(here.map(heard));
  });

  // Six turns, so that there is something left to cancel after the first words.
  const ask = [
    'run',
    join(samples, '..', 'maze.png'),
    '--question',
    'Determine the final destination (A, B, C or D) from the starting point (green point). ' +
      'A move into a wall stays in place. Moves: 1 right, 2 up, 3 up, 4 up, 5 left.',
  ];

  it('refuses another model, in its own words', async () => {
    const { exitCode, stderr } = await vilasr([...ask, '--model', url, '--served-model', 'ViLaSR-7B']);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(
      `has no model "ViLaSR-7B" (400: Server is pinned to '${bundledModel}'; requested 'ViLaSR-7B').`,
    );
  });

  it('serves the next run after one that was cancelled in the middle of a turn', async () => {
    const out = join(folder, 'cancelled.traces.jsonl');
    const run = startVilasr([...ask, ...served(), '--out', out]);
    await run.until(({ stdout }) => stdout.includes('<think>'));
    run.child.kill('SIGINT');
    expect((await run.finished).exitCode).toBe(1);
    expect(readTraces(out)[0]).toMatchObject({ finish: 'cancelled' });
    const { stdout } = await vilasr([...ask, ...served()]);
    expect(stdout).toContain('</think> Action: ');
  });
});
