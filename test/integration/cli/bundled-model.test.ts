import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readTraces, vilasr } from '../../helpers/vilasr';

const repository = join(import.meta.dirname, '..', '..', '..');
const samples = join(repository, 'media', 'samples');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vilasr-test-'));
  return () => rm(folder, { recursive: true, force: true });
});

interface Row {
  readonly question: string;
  readonly options: string[];
  readonly answer: string;
  readonly image_path: [string];
  readonly problem_type: string;
}

const readRows = async (path: string): Promise<Row[]> =>
  (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('the model that comes along', () => {
  it('answers the samples by drawing, with exit code 0', async () => {
    const rows = await readRows(join(samples, 'questions.jsonl'));
    expect(rows).toHaveLength(2);
    for (const { question, options, answer, image_path, problem_type } of rows) {
      const { exitCode, stdout } = await vilasr([
        ...['run', join(samples, image_path[0]), '--question', question],
        ...['--type', problem_type.replace(' ', '-')],
        ...options.flatMap((option) => ['--option', option]),
      ]);
      expect({ exitCode, last: stdout.trim().split('\n').at(-1) }).toEqual({
        exitCode: 0,
        last: `Answer: ${answer}`,
      });
      expect(stdout).toContain('[image 2: image 1 with ');
    }
  });

  /** What `vilasr eval` says of new worlds. */
  async function score(family: string, count: number, ...more: string[]) {
    const data = join(folder, family);
    await vilasr(['synth', family, '--count', String(count), '--seed', '31415', '--out', data]);
    const out = join(data, `out${more.join('')}.traces.jsonl`);
    const questions = join(data, 'questions.jsonl');
    const { exitCode, stdout } = await vilasr(['eval', questions, '--out', out, '--json', ...more]);
    expect(exitCode).toBe(0);
    return JSON.parse(stdout);
  }

  it('solves mazes that it has not seen, with well-formed turns, and needs to see what it drew', async () => {
    const drawn = await score('maze', 40);
    // The model card says what it reaches on 500; of 40, one or two more may go wrong by chance.
    expect(drawn.accuracy).toBeGreaterThanOrEqual(0.9);
    expect(drawn.wellFormedTurns).toBeGreaterThanOrEqual(0.99);
    expect(drawn.lines).toBeGreaterThan(80);
    const undrawn = await score('maze', 40, '--no-drawing');
    expect(undrawn.accuracy).toBeLessThanOrEqual(drawn.accuracy - 0.15);
  });

  it('answers questions about scenes that it has not seen', async () => {
    const { accuracy, wellFormedTurns, boxes, lines } = await score('scene', 40);
    expect(accuracy).toBeGreaterThanOrEqual(0.8);
    expect(wellFormedTurns).toBeGreaterThanOrEqual(0.99);
    expect(boxes + lines).toBeGreaterThan(40);
  });

  it('is found sound by the check, with its prompt profile', async () => {
    const { stdout } = await vilasr(['model', 'check', join(repository, 'media', 'model'), '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ runs: true, model: { profile: true, unused: [] } });
  });
});

it('npm run demo shows the turns and leaves images and traces in demo-out, and says so', async () => {
  const stdout = execFileSync(process.execPath, [join(repository, 'scripts', 'demo.mjs')], {
    encoding: 'utf8',
    env: { ...process.env, VILASR_CACHE: join(folder, 'cache') },
  });
  expect(stdout).toContain('<think>');
  expect(stdout).toContain(join('demo-out', 'demo.traces.jsonl'));
  const traces = readTraces(join(repository, 'demo-out', 'demo.traces.jsonl'));
  expect(traces.map(({ finish }) => finish)).toEqual(['stop', 'stop']);
  for (const [i, name] of ['maze', 'scene'].entries()) {
    const drawn = traces[i]?.turns.reduce((sum, { images }) => sum + images.length, 0) ?? 0;
    for (let image = 1; image <= drawn + 1; image++) {
      const { size } = await stat(join(repository, 'demo-out', name, `image-${image}.png`));
      expect(size).toBeGreaterThan(100);
    }
  }
});
