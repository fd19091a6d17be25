import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { beforeEach, describe, expect, it } from 'vitest';
import { readConversations } from '../../../src/dataset/conversation-rows';
import type { TraceRef } from '../../../src/dataset/overlay/edit-event';
import { EditSession } from '../../../src/dataset/overlay/edit-session';
import { OverlayFile } from '../../../src/dataset/overlay/overlay-file';
import { Review } from '../../../src/dataset/overlay/review';
import { captureProfile } from '../../../src/reason/capture-profile';
import { defaultProfile } from '../../../src/reason/default-profile';
import { profileHash } from '../../../src/reason/profile';
import { readTrace } from '../../../src/trace/trace-line';
import type { Verdict } from '../../../src/trace/verdict';
import { randomNumbers } from '../../helpers/random';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { readTraces, startVilasr, vilasr } from '../../helpers/vilasr';
import { hashes } from '../../unit/dataset/export/exported';

const KILLS = process.env.VILASR_LONG === '1' ? 200 : 6;

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder, 'mazes', 'cold-start.traces.jsonl');
  const made = await vilasr(['synth', 'maze', '--count', '8', '--seed', '3', '--out', join(folder, 'mazes')]);
  expect(made.exitCode).toBe(0);
});

const out = (name: string) => join(folder, name);
const run = (...args: string[]) => vilasr(['export', path, ...args], { cwd: folder });

/** Moves the first line of the first trace of the file. */
async function editFirst(): Promise<string> {
  const [line = ''] = (await readFile(path, 'utf8')).split('\n');
  const { trace } = readTrace(line);
  const turn = trace?.turns.findIndex(({ drawings }) => drawings.length > 0) ?? -1;
  const text = trace?.turns[turn]?.text ?? '';
  const { 0: removed = '', index = 0 } = /\d+(?=[,\]])/.exec(text.slice(text.indexOf('end_point_2d'))) ?? {};
  const start = text.indexOf('end_point_2d') + index;
  const session = new EditSession({ file: await OverlayFile.of(path), find: async () => trace, who: 'Ann' });
  const ref = { hash: createHash('sha256').update(line).digest('hex'), occurrence: 0 };
  await session.edit(ref, 'Move the end', [{ type: 'text', turn, start, removed, inserted: '7' }]);
  await session.save();
  return (await session.trace(ref)).turns[turn]?.text ?? '';
}

describe('vilasr export --for llamafactory', () => {
  it('writes a data set that can be read, and says what it did', async () => {
    const before = await readFile(path);
    const { exitCode, stdout, stderr } = await run('--for', 'llamafactory', '--all', '--out', 'sft');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(
      new RegExp(`^8 of 8 traces, 0 of them edited, in ${out('sft')}\nimages: 8 copied, \\d+ drawn\n$`),
    );
    const rows = await readConversations(join(out('sft'), 'cold-start.json'));
    expect(rows).toHaveLength(8);
    // The words are those of the profile: they can be taken from it again.
    const { profile } = captureProfile(rows, defaultProfile);
    expect(profile.system).toBe(defaultProfile.system);
    expect(profile.question.single).toContain('{question}');
    const manifest = JSON.parse(await readFile(join(out('sft'), 'manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({
      format: 'vilasr.export/1',
      for: 'llamafactory',
      source: 'cold-start.traces.jsonl',
      profile: profileHash(defaultProfile),
      overlay: null,
    });
    const { 'manifest.json': _, ...written } = await hashes(out('sft'));
    const named = manifest.files.map((file: { path: string; sha256: string }) => [file.path, file.sha256]);
    expect(Object.fromEntries(named)).toEqual(written);
    expect(await readFile(path)).toEqual(before);
    expect((await readdir(folder)).sort()).toEqual(['mazes', 'sft']);
  });

  it('applies the edits, and tells what is wrong with them', async () => {
    const text = await editFirst();
    await appendFile(`${path}.edits.jsonl`, 'rubbish\n');
    const { exitCode, stdout, stderr } = await run(
      '--for',
      'llamafactory',
      '--all',
      '--out',
      'sft',
      '--json',
    );
    expect(exitCode).toBe(0);
    expect(stderr).toContain('Line 2 is no JSON that can be read');
    expect(JSON.parse(stdout)).toMatchObject({ counts: { edited: 1 }, overlay: { events: 1, applied: 1 } });
    const [row] = await readConversations(join(out('sft'), 'cold-start.json'));
    expect(row?.conversations.map(({ content }) => content)).toContain(text);
  });

  it('names a picture that is missing, or leaves its trace out if asked to', async () => {
    const traces = readTraces(path);
    const lines = traces.map((trace, i) =>
      JSON.stringify(i === 2 ? { ...trace, images: [{ ...trace.images[0], path: 'gone.png' }] } : trace),
    );
    await writeFile(path, `${lines.join('\n')}\n`);
    const failed = await run('--for', 'llamafactory', '--all', '--out', 'sft');
    expect(failed).toMatchObject({ exitCode: 2, stdout: '' });
    expect(failed.stderr).toContain(
      `${path}, line 3, ${traces[2]?.id}: The image "gone.png" cannot be found. No file is at`,
    );
    expect(await readdir(folder)).toEqual(['mazes']);
    const skipped = await run('--for', 'llamafactory', '--all', '--out', 'sft', '--skip-missing');
    expect(skipped.exitCode).toBe(0);
    expect(skipped.stdout).toContain('7 of 8 traces');
    expect(skipped.stderr).toContain(
      `Line 3, ${traces[2]?.id}, was left out: The image "gone.png" cannot be found.`,
    );
  });

  it('keeps nothing after Ctrl-C', async () => {
    const running = startVilasr(['export', path, '--for', 'llamafactory', '--all', '--out', out('sft')]);
    while (!existsSync(join(out('sft.partial'), 'images'))) await running.pause();
    running.child.kill('SIGINT');
    const { exitCode, stderr } = await running.finished;
    // It may just have been done.
    if (exitCode === 0) return;
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: 'vilasr: Cancelled; nothing was written.\n',
    });
    expect(await readdir(folder)).toEqual(['mazes']);
  });
});

describe('vilasr export --for traces', () => {
  it('keeps the bytes of what has no edits', async () => {
    expect((await run('--for', 'traces', '--all', '--out', 'copy')).exitCode).toBe(0);
    expect(await readFile(join(out('copy'), 'cold-start.traces.jsonl'))).toEqual(await readFile(path));
  });

  it('gives the same again from what it wrote', async () => {
    await editFirst();
    await run('--for', 'traces', '--all', '--out', 'once', '--images', 'link');
    const again = ['export', join(out('once'), 'cold-start.traces.jsonl'), '--for', 'traces', '--all'];
    expect((await vilasr([...again, '--out', out('twice')], { cwd: folder })).exitCode).toBe(0);
    const { 'manifest.json': _, ...once } = await hashes(out('once'));
    const { 'manifest.json': __, ...twice } = await hashes(out('twice'));
    expect(twice).toEqual(once);
    expect(readTraces(join(out('twice'), 'cold-start.traces.jsonl'))).toHaveLength(8);
  });
});

/** Says these verdicts of the traces of the file, by their place. */
async function judge(who: string, verdicts: ReadonlyMap<number, Verdict>): Promise<void> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  const refs = lines.map((line) => ({
    hash: createHash('sha256').update(line).digest('hex'),
    occurrence: 0,
  }));
  const find = async ({ hash }: TraceRef) =>
    readTrace(lines[refs.findIndex((ref) => ref.hash === hash)] ?? '').trace;
  const review = new Review(new EditSession({ file: await OverlayFile.of(path), find, who }), who);
  for (const [place, verdict] of verdicts) {
    const ref = refs[place];
    if (ref !== undefined) await review.judge(ref, { verdict });
  }
}

describe('vilasr export --for huggingface, verl and easyr1', () => {
  const rows = async (file: string) =>
    parquetReadObjects({ file: await asyncBufferFromFile(file), utf8: false });

  it('writes only what is approved, with who approved it', async () => {
    await judge(
      'Ann',
      new Map<number, Verdict>([
        [1, 'approved'],
        [2, 'rejected'],
      ]),
    );
    const [, approved] = readTraces(path);
    for (const [format, file] of [
      ['huggingface', 'data/train.parquet'],
      ['verl', 'train.parquet'],
      ['easyr1', 'train.parquet'],
    ] as const) {
      const { exitCode, stdout } = await run('--for', format, '--out', format, '--json');
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        counts: { read: 8, written: 1, leftOut: 7 },
        verdicts: { reviewers: [{ who: 'Ann', verdicts: 2 }] },
        scores: { count: 1, accuracy: 1 },
      });
      expect(await rows(join(out(format), file))).toHaveLength(1);
    }
    const [row] = await rows(join(out('huggingface'), 'data/train.parquet'));
    expect(row).toMatchObject({ id: approved?.id, verdict: { verdict: 'approved', who: 'Ann' } });
  });

  it('asks the questions of a question file, which has no turns', async () => {
    const questions = join(folder, 'mazes', 'questions.jsonl');
    const done = await vilasr(['export', questions, '--for', 'verl', '--all', '--out', 'rl'], {
      cwd: folder,
    });
    expect(done).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await rows(join(out('rl'), 'train.parquet'))).toHaveLength(8);
  });

  it('names a picture that is missing, and writes nothing', async () => {
    const lines = await readFile(path, 'utf8');
    await writeFile(path, lines.replace(/images\/[^"]+/, 'gone.png'));
    for (const format of ['huggingface', 'verl', 'easyr1']) {
      const failed = await run('--for', format, '--all', '--out', format);
      expect(failed).toMatchObject({ exitCode: 2, stdout: '' });
      expect(failed.stderr).toContain('The image "gone.png" cannot be found.');
    }
    expect((await readdir(folder)).sort()).toEqual(['mazes']);
  });
});

describe('vilasr export without --all', () => {
  it('writes the traces that are approved as they are now, and says who judged and what was left out', async () => {
    await judge(
      'Ann',
      new Map<number, Verdict>([
        [0, 'approved'],
        [1, 'approved'],
        [2, 'rejected'],
        [3, 'approved'],
      ]),
    );
    await judge('Bob', new Map<number, Verdict>([[3, 'needs-edit']]));
    await editFirst();
    const { exitCode, stderr, stdout } = await run('--for', 'traces', '--out', 'approved', '--json');
    expect(exitCode).toBe(0);
    const ids = readTraces(path).map(({ id }) => id);
    expect(readTraces(join(out('approved'), 'cold-start.traces.jsonl')).map(({ id }) => id)).toEqual([
      ids[1],
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      counts: { read: 8, written: 1, edited: 0, leftOut: 7 },
      verdicts: {
        exported: 'approved',
        counts: {
          ...{ approved: 1, rejected: 1, 'needs-edit': 1, pending: 0 },
          ...{ 'edited-since': 1, 'not-judged': 4 },
        },
        reviewers: [
          { who: 'Ann', verdicts: 3 },
          { who: 'Bob', verdicts: 1 },
        ],
      },
      leftOut: [
        { line: 1, id: ids[0], reason: 'It was edited since Ann approved it.' },
        { line: 3, id: ids[2], reason: 'Ann rejected it.' },
        { line: 4, id: ids[3], reason: 'Bob sent it back.' },
      ],
    });
    expect(stderr).toContain('4 that nobody judged were left out.');
  });

  it('takes a trace with the edits that it was approved with', async () => {
    const text = await editFirst();
    await judge('Ann', new Map<number, Verdict>([[0, 'approved']]));
    expect(await run('--for', 'traces', '--out', 'approved')).toMatchObject({ exitCode: 0 });
    const [trace, ...rest] = readTraces(join(out('approved'), 'cold-start.traces.jsonl'));
    expect(rest).toEqual([]);
    expect(trace?.turns.map((turn: { text: string }) => turn.text)).toContain(text);
  });

  it('is no matter to --all, which takes the rejected too', async () => {
    await judge('Ann', new Map<number, Verdict>([[0, 'rejected']]));
    const { stdout } = await run('--for', 'traces', '--all', '--out', 'all', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      counts: { written: 8, leftOut: 0 },
      verdicts: { exported: 'all', counts: { rejected: 1, 'not-judged': 7 } },
    });
  });
});

it('an export that is killed at any moment leaves all or nothing, and the next one cleans up', async () => {
  const random = randomNumbers(61);
  const before = await hashes(join(folder, 'mazes'));
  const begin = performance.now();
  await run('--for', 'llamafactory', '--all', '--out', 'whole');
  const duration = performance.now() - begin;
  const whole = await hashes(out('whole'));
  for (let round = 0; round < KILLS; round++) {
    const name = `killed-${round}`;
    const running = startVilasr(['export', path, '--for', 'llamafactory', '--all', '--out', out(name)]);
    await Promise.race([running.finished, sleep(random() * duration)]);
    running.child.kill('SIGKILL');
    await running.finished;
    if (!existsSync(out(name))) {
      expect(await run('--for', 'llamafactory', '--all', '--out', name)).toMatchObject({ exitCode: 0 });
    }
    expect(await hashes(out(name))).toEqual(whole);
    expect(existsSync(out(`${name}.partial`))).toBe(false);
  }
  expect(await hashes(join(folder, 'mazes'))).toEqual(before);
});

it.each([
  [[], 'The data file is missing'],
  [['x.jsonl', '--all', '--out', 'o'], '--for is missing'],
  [
    ['x.jsonl', '--for', 'training', '--all', '--out', 'o'],
    '--for is "training", but must be one of traces, llamafactory',
  ],
  [['x.jsonl', '--for', 'traces', '--all'], '--out is missing'],
  [
    ['mazes/cold-start.traces.jsonl', '--for', 'traces', '--out', 'o'],
    'cold-start.traces.jsonl is approved. Its traces are 8 not judged. Approve some in VS Code, or export all.',
  ],
  [['x.jsonl', '--for', 'traces', '--all', '--out', 'o', '--images', 'move'], '--images is "move"'],
  [
    ['x.jsonl', '--for', 'traces', '--all', '--out', 'o', '--profile', 'p'],
    '--profile is not for --for traces.',
  ],
  [
    ['x.jsonl', '--for', 'huggingface', '--all', '--out', 'o', '--images', 'link'],
    '--images link is not for --for huggingface: the pictures are in its data file.',
  ],
  [['x.jsonl', '--for', 'traces', '--all', '--out', 'o'], 'x.jsonl: it is not there'],
  [['mazes', '--for', 'traces', '--all', '--out', 'o'], 'is no output folder of inference'],
  [
    ['mazes/questions.jsonl', '--for', 'llamafactory', '--all', '--out', 'o'],
    'nothing is left to be written. Line 1: It has no turn.',
  ],
  [
    ['mazes/cold-start.traces.jsonl', '--for', 'traces', '--all', '--out', 'mazes'],
    'is there already, and not empty',
  ],
  [
    ['mazes/cold-start.traces.jsonl', '--for', 'traces', '--all', '--out', '/dev/null/x'],
    'Cannot write to /dev/null/x',
  ],
])('vilasr export %j is bad input', async (args, message) => {
  const { exitCode, stdout, stderr } = await vilasr(['export', ...args], { cwd: folder });
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(message);
});
