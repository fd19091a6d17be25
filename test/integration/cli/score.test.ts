import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { vilasr } from '../../helpers/vilasr';

const dialogue = (answer: string, gold: unknown = 'A', think = 'x') => ({
  messages: [
    { role: 'system', content: 'You look.' },
    { role: 'user', content: [{ type: 'image' }, { type: 'text', text: 'Which?' }] },
    { role: 'assistant', content: `<think> ${think} </think> Action: Answer\n<answer> ${answer} </answer>` },
  ],
  question_type: 'multiple choice',
  gold,
});

it('scores the traces of a file, and sums them up', async () => {
  const folder = await temporaryFolder();
  await vilasr(['synth', 'maze', '--count', '4', '--seed', '5', '--out', 'mazes'], { cwd: folder });
  const file = 'mazes/cold-start.traces.jsonl';
  const lines = (await vilasr(['score', file, '--json'], { cwd: folder })).stdout.trim().split('\n');
  const scores = lines.map((line) => JSON.parse(line));
  expect(scores.map(({ line, accuracy, format }) => [line, accuracy, format])).toEqual([
    [1, 1, 1],
    [2, 1, 1],
    [3, 1, 1],
    [4, 1, 1],
  ]);
  const { stdout, exitCode } = await vilasr(['score', file], { cwd: folder });
  expect(stdout).toMatch(/^4 traces, 4 with a known answer\n[\s\S]*\naccuracy +1\.000 +1\.000\n/);
  expect(exitCode).toBe(0);
});

it('scores dialogues a line, names lines that are none, and goes on', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'rows.jsonl');
  const rows = [JSON.stringify(dialogue('A')), '{"messages": []', '', '{}', JSON.stringify(dialogue('A', 3))];
  await writeFile(path, `${rows.join('\n')}\n`);
  const { stdout, stderr, exitCode } = await vilasr(['score', '--messages', path, '--json']);
  const scores = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(scores).toMatchObject([
    { line: 1, accuracy: 1, upstream: { accuracy: 1, format: 1, overall: 1 } },
    { line: 5, accuracy: 0, flags: ['answered-without-drawing', 'same-trace'] },
  ]);
  expect(stderr).toContain(`${path}:2: It is no JSON:`);
  expect(stderr).toContain(`${path}:4: It is no dialogue: \`messages\` is missing.`);
  expect(exitCode).toBe(2);
});

it('scores a long file in several threads, in its order, each dialogue among all before it', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'rows.jsonl');
  const [count, distinct] = [5000, 4990];
  const word = (row: number) =>
    String(row % distinct).replaceAll(/\d/g, (digit) => 'abcdefghij'.charAt(+digit));
  // A kilobyte of digits, which make no other words.
  const rows = Array.from({ length: count }, (_, row) =>
    JSON.stringify(dialogue(row % 3 === 0 ? 'A' : 'B', 'A', `${word(row)} ${`${row % 10}`.repeat(1000)}`)),
  );
  rows[4500] = '{}';
  await writeFile(path, rows.join('\n'));
  const { stdout, stderr, exitCode } = await vilasr(['score', '--messages', path, '--json']);
  const scores = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const lines = Array.from({ length: count }, (_, row) => row + 1).filter((line) => line !== 4501);
  expect(scores.map(({ line }) => line)).toEqual(lines);
  expect(scores.filter(({ line, accuracy }) => (accuracy === 1) !== ((line - 1) % 3 === 0))).toEqual([]);
  // Of the last ten those say what one of the first ten said whose answer is the same.
  const known = scores.filter(({ flags }) => flags.includes('same-trace')).map(({ line }) => line);
  const same = (row: number) => (row % 3 === 0) === ((row - distinct) % 3 === 0);
  expect(known).toEqual(lines.filter((line) => line > distinct && same(line - 1)));
  expect(stderr).toBe(`${path}:4501: It is no dialogue: \`messages\` is missing.\n`);
  expect(exitCode).toBe(2);
});

it('a file that is not there is said', async () => {
  const { stderr, exitCode } = await vilasr(['score', '--messages', 'nowhere.jsonl']);
  expect(stderr).toMatch(/Cannot read .*nowhere\.jsonl/);
  expect(exitCode).toBe(2);
});
