import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, expect, it } from 'vitest';
import { profileHash } from '../../../src/reason/profile';
import { teacherProfile } from '../../../src/reason/teacher-profile';
import { formatAnswerTurn, formatDrawingTurn } from '../../../src/trace/format-turn';
import { chatServer, say } from '../../helpers/chat-server';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { readTraces, vilasr } from '../../helpers/vilasr';

interface MazeRow {
  readonly question_id: string;
  readonly answer: string;
  readonly image_path: readonly string[];
  readonly grid_size: number;
}

let folder: string;
let questions: string;
let row: MazeRow;
/** Side of a cell in pixels. */
let cell: number;
beforeEach(async () => {
  folder = await temporaryFolder();
  await vilasr(['synth', 'maze', '--count', '1', '--seed', '4', '--out', folder]);
  questions = join(folder, 'questions.jsonl');
  row = JSON.parse(readFileSync(questions, 'utf8'));
  const { width } = await sharp(join(folder, row.image_path[0] ?? '')).metadata();
  cell = width / row.grid_size;
});

/** A line down the first column of image `index`, from row `from` to the next one, `off` cells right of the centres and below. */
const step = (index: number, from: number, off = 0) => {
  const x = Math.round((0.5 + off) * cell);
  const [start, end] = [from, from + 1].map((at) => Math.round((at + 0.5 + off) * cell));
  return formatDrawingTurn('I go down.', [
    {
      ...{ index, label: `step ${from + 1}` },
      start_point_2d: [x, start ?? 0],
      end_point_2d: [x, end ?? 0],
    },
  ]);
};
const answer = (text: string) => formatAnswerTurn('It ends there.', text);

const readJson = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));

it('a general model on a server teaches: told how, sampled by a plan that is recorded, chosen by what the paper filters by', async () => {
  const { answer: right } = row;
  const wrong = right === 'A' ? 'B' : 'A';
  const candidates = [
    [step(1, 0), step(2, 1), answer(right)],
    [step(1, 0), step(2, 1), answer(wrong)],
    [step(1, 0), answer(right)],
    [step(1, 0), step(2, 1, 0.45), answer(right)],
    // There is no image 9, which ends a run.
    [step(1, 0), step(9, 1)],
  ];
  const server = await chatServer(candidates.flat().map(say));
  const set = join(folder, 'teacher.set.traces.jsonl');
  const plan = ['-n', '5', '--seed', '3', '--top-p', '0.9', '--parallel', '1', '--max-tokens', '500'];
  const teacher = ['--model', server.url, '--profile', 'teacher'];
  const sampled = await vilasr(['sample', questions, ...plan, ...teacher, '--out', set]);
  expect(sampled).toMatchObject({ exitCode: 0 });
  expect(JSON.stringify(server.requests[0]?.body)).toContain('# One step a message');

  expect(readTraces(set)).toHaveLength(5);
  const [first] = readTraces(set);
  expect(first).toMatchObject({
    source: { sample: { question: row.question_id, candidate: 1, of: 5, seed: 3 } },
    run: { profile: profileHash(teacherProfile), sampling: { temperature: 1, topP: 0.9 } },
  });
  expect(readJson('teacher.set.plan.json')).toEqual({
    format: 'vilasr.sample-plan/1',
    questions: { file: 'questions.jsonl', count: 1 },
    candidates: 5,
    sampling: { temperature: 1, topP: 0.9, seed: 3 },
    model: { model: 'tiny', hash: null, provider: 'endpoint', weights: null },
    limits: { maze: first?.run?.limits },
    profileHash: profileHash(teacherProfile),
    profile: teacherProfile,
  });

  const kept = join(folder, 'examples.traces.jsonl');
  const selected = await vilasr(['select', set, '--for', 'cold-start', '--out', kept, '--json']);
  expect(selected).toMatchObject({ exitCode: 0, stderr: '' });
  const leftOut = { wrong: 1, 'too few turns': 1, 'off centre': 1, 'not answered': 1 };
  expect(JSON.parse(selected.stdout)).toEqual({ kept: 1, leftOut });
  expect(readTraces(kept).map(({ id }) => id)).toEqual([`${row.question_id}#1`]);
  expect(readJson('examples.selection.json')).toEqual({
    format: 'vilasr.selection/1',
    from: 'teacher.set.traces.jsonl',
    criteria: {
      ...{ stage: 'cold-start', leastTurns: 3, leastRevisions: 0 },
      centres: { tolerance: 0.5, frame: 'image' },
    },
    ...{ most: null, kept: 1, leftOut },
  });
});

it('numbers of the choice may be others, and are recorded as they were; what chose nothing leaves nothing', async () => {
  const server = await chatServer([step(1, 0), answer(row.answer)].map(say));
  const set = join(folder, 'set.traces.jsonl');
  await vilasr([
    ...['sample', questions, '-n', '1', '--model', server.url, '--profile', 'teacher', '--out', set],
  ]);
  const kept = join(folder, 'kept.traces.jsonl');
  const select = ['select', set, '--for', 'cold-start', '--out', kept];
  expect(await vilasr(select)).toMatchObject({ exitCode: 1 });
  expect([kept, join(folder, 'kept.selection.json')].some((path) => existsSync(path))).toBe(false);
  expect(await vilasr([...select, '--least-turns', '2'])).toMatchObject({ exitCode: 0 });
  expect(readJson('kept.selection.json')).toMatchObject({ criteria: { leastTurns: 2 } });
  const reflective = ['select', set, '--for', 'reflective', '--out', kept, '--maze-frame', 'matplotlib'];
  expect(await vilasr(reflective)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('--maze-frame is for --for cold-start'),
  });
});
