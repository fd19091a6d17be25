import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readQuestions } from '../../../src/dataset/read-questions';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { readTraces, vilasr } from '../../helpers/vilasr';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

async function synth(...args: string[]): Promise<string> {
  const out = join(folder, args.join(' '));
  expect(await vilasr(['synth', ...args, '--out', out])).toMatchObject({ exitCode: 0, stderr: '' });
  return out;
}

/** The hash of every file below a folder, by its path. */
async function hashes(dir: string): Promise<Record<string, string>> {
  const paths = (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const pairs = paths.map(async (path) => {
    const hash = createHash('sha256').update(await readFile(path));
    return [path.slice(dir.length), hash.digest('hex')];
  });
  return Object.fromEntries(await Promise.all(pairs));
}

describe.each(['maze', 'scene'])('vilasr synth %s', (family) => {
  it('makes the same files from the same seed, byte for byte, and others from another', async () => {
    const first = await hashes(await synth(family, '--count', '12', '--seed', '5'));
    const again = await hashes(await synth(family, '--seed', '5', '--count', '12'));
    const other = await hashes(await synth(family, '--count', '12', '--seed', '6'));
    expect(again).toEqual(first);
    expect(Object.keys(first)).toHaveLength(14);
    expect(other['/questions.jsonl']).not.toBe(first['/questions.jsonl']);
  });

  it('makes the first questions of a long series those of a short one', async () => {
    const short = await synth(family, '--count', '3');
    const long = await synth(family, '--count', '6');
    const text = (dir: string) => readFile(join(dir, 'questions.jsonl'), 'utf8');
    expect((await text(long)).startsWith(await text(short))).toBe(true);
  });

  it('makes questions that can be read, each with its picture and a trace that finds the gold', async () => {
    const out = await synth(family, '--count', '30');
    const questions = await readQuestions(join(out, 'questions.jsonl'), folder);
    const traces = readTraces(join(out, 'cold-start.traces.jsonl'));
    expect(traces).toHaveLength(30);
    expect(traces.map(({ id }) => id)).toEqual(questions.map(({ id }) => id));
    traces.forEach((trace, i) => {
      const { question, images } = questions[i] ?? {};
      expect(trace).toMatchObject({
        question: question?.text,
        options: question?.options,
        type: question?.type,
        gold: question?.gold,
        answer: question?.gold,
        finish: 'stop',
        run: null,
      });
      expect(trace.images.map(({ path }) => join(out, path))).toEqual(images);
      expect(trace.turns.length).toBeGreaterThan(1);
    });
  });

  it("has upstream's fields in every row", async () => {
    const out = await synth(family, '--count', '10');
    const rows = (await readFile(join(out, 'questions.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    for (const row of rows) {
      expect(Object.keys(row)).toEqual([
        'question_id',
        'question',
        'answer',
        'image_path',
        'problem_type',
        'options',
        'data_type',
        'grid_size',
      ]);
    }
  });
});

describe('the sizes of mazes', () => {
  const sizes = async (out: string) =>
    (await readQuestions(join(out, 'questions.jsonl'), folder)).map(({ gridSize }) => gridSize);

  it('are an even mix of 3 to 5', async () =>
    expect(await sizes(await synth('maze', '--count', '6'))).toEqual([3, 4, 5, 3, 4, 5]));

  it('are those that were asked for', async () => {
    expect(await sizes(await synth('maze', '--count', '2', '--size', '5'))).toEqual([5, 5]);
    expect(await sizes(await synth('maze', '--count', '4', '--size', '3..4'))).toEqual([3, 4, 3, 4]);
  });
});

it.each([
  [['synth'], 'maze or scene is missing'],
  [['synth', 'room', '--count', '1', '--out', 'x'], '"room" is neither maze nor scene'],
  [['synth', 'maze', '--out', 'x'], '--count is missing'],
  [['synth', 'maze', '--count', '0', '--out', 'x'], '--count is "0"'],
  [['synth', 'maze', '--count', '1', '--size', '6', '--out', 'x'], '--size is "6"'],
  [['synth', 'scene', '--count', '1', '--size', '4', '--out', 'x'], '--size is for mazes only'],
  [['synth', 'maze', '--count', '1', '--out', '/dev/null/x'], 'Cannot make the folder /dev/null/x/images'],
])('vilasr %j is bad input', async (args, message) => {
  const { exitCode, stdout, stderr } = await vilasr(args, { cwd: folder });
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(message);
});
