import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import * as v from 'valibot';
import { beforeAll, expect, it } from 'vitest';
import { EditSession } from '../../src/dataset/overlay/edit-session';
import { OverlayFile } from '../../src/dataset/overlay/overlay-file';
import { bundledModel, readTraces, vilasr } from '../helpers/vilasr';

const COUNT = 12;
/** The words that the bundled model knows. */
const profile = join(bundledModel, 'vilasr_profile.json');

/** So small a model is fastest on one core; nothing is fetched. */
const ALONE = { OMP_NUM_THREADS: '1', HF_HUB_OFFLINE: '1' };

const exportedSchema = v.array(
  v.object({
    conversations: v.array(v.object({ role: v.string(), content: v.string() })),
    images: v.array(v.string()),
  }),
);
/** What train.py prints. */
const reportSchema = v.object({
  samples: v.array(
    v.object({
      images: v.number(),
      sizes: v.array(v.tuple([v.number(), v.number()])),
      shown: v.number(),
      trained: v.array(v.string()),
    }),
  ),
  losses: v.array(v.number()),
});

let folder: string;
let exported: v.InferOutput<typeof exportedSchema>;
let report: v.InferOutput<typeof reportSchema>;
/** The text of a turn before and after its edit. */
let edited: { before: string; after: string };
beforeAll(async () => {
  const python = process.env.VILASR_LLAMAFACTORY_PYTHON;
  if (python === undefined)
    throw new Error('VILASR_LLAMAFACTORY_PYTHON is not set: run these tests with npm run test:contract');
  folder = await mkdtemp(join(tmpdir(), 'vilasr-llamafactory-'));
  const traces = await synthesise();
  edited = await editFirst(traces);
  const data = join(folder, 'sft');
  const target = ['--for', 'llamafactory', '--all', '--profile', profile, '--out', data];
  await vilasrDoes('export', traces, ...target);
  exported = v.parse(exportedSchema, JSON.parse(await readFile(join(data, 'both.json'), 'utf8')));
  const train = join(import.meta.dirname, 'llamafactory', 'train.py');
  const said = execFileSync(
    python,
    [
      ...[train, '--data', data, '--settings', join(data, 'cold_start.yaml')],
      ...['--model', bundledModel, '--out', join(folder, 'trained')],
    ],
    {
      // Elsewhere, so that pictures are found by the data set alone. What it says of a failure becomes part of the error.
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
      env: { ...process.env, ...ALONE, HF_HOME: join(folder, 'hugging-face') },
    },
  );
  report = v.parse(reportSchema, JSON.parse(said.trim().split('\n').at(-1) ?? ''));
  return () => rm(folder, { recursive: true, force: true });
}, 600_000);

/** Mazes and scenes in one file of traces. */
async function synthesise(): Promise<string> {
  const families = ['maze', 'scene'];
  const lines: string[] = [];
  for (const family of families) {
    const out = join(folder, family);
    await vilasrDoes('synth', family, '--count', String(COUNT), '--seed', '5', '--out', out);
    for (const trace of readTraces(join(out, 'cold-start.traces.jsonl'))) {
      const images = trace.images.map((image) => ({ ...image, path: `${family}/${image.path}` }));
      lines.push(`${JSON.stringify({ ...trace, images })}\n`);
    }
  }
  const path = join(folder, 'both.traces.jsonl');
  await writeFile(path, lines.join(''));
  return path;
}

/** Moves the end of the first line of the first trace. */
async function editFirst(path: string): Promise<typeof edited> {
  const [line = ''] = (await readFile(path, 'utf8')).split('\n');
  const [trace = null] = readTraces(path);
  const before = trace?.turns[0]?.text ?? '';
  const { 0: found = '', index = 0 } = /(?<="end_point_2d": \[)\d+/.exec(before) ?? {};
  const session = new EditSession({ file: await OverlayFile.of(path), find: async () => trace, who: 'Ann' });
  const ref = { hash: createHash('sha256').update(line).digest('hex'), occurrence: 0 };
  const change = { type: 'text', turn: 0, start: index, removed: found, inserted: '7' } as const;
  await session.edit(ref, 'Move the end', [change]);
  await session.save();
  return { before, after: (await session.trace(ref)).turns[0]?.text ?? '' };
}

async function vilasrDoes(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await vilasr(args);
  if (exitCode !== 0) throw new Error(stderr);
  return stdout;
}

it('drops no sample', () => {
  expect(exported).toHaveLength(2 * COUNT);
  expect(report.samples).toHaveLength(2 * COUNT);
});

it('trains on every word of the assistant and on nothing else, edits included', () => {
  const said = exported.map(({ conversations }) =>
    conversations.flatMap(({ role, content }) => (role === 'assistant' ? [`${content}<|im_end|>\n`] : [])),
  );
  expect(report.samples.map(({ trained }) => trained)).toEqual(said);
  expect(edited.after).not.toBe(edited.before);
  expect(report.samples[0]?.trained[0]).toBe(`${edited.after}<|im_end|>\n`);
});

it('shows each image at its place, in the very size in which it was exported', async () => {
  for (const [i, { images, sizes, shown }] of report.samples.entries()) {
    const { conversations, images: paths = [] } = exported[i] ?? { conversations: [] };
    const placeholders = conversations.map(({ content }) => content.split('<image>').length - 1);
    expect(paths.length).toBeGreaterThan(1);
    expect(images).toBe(paths.length);
    expect(shown).toBe(paths.length);
    expect(placeholders.reduce((sum, count) => sum + count)).toBe(paths.length);
    expect(sizes).toEqual(await Promise.all(paths.map(sizeOf)));
  }
});

async function sizeOf(path: string): Promise<[number, number]> {
  const { width, height } = await sharp(join(folder, 'sft', path)).metadata();
  return [width, height];
}

it('trains for an epoch on what the model knows well: the words and pictures that it was made with', () => {
  expect(report.losses).toHaveLength((2 * COUNT) / 4);
  for (const loss of report.losses) {
    expect(loss).toBeGreaterThan(0);
    expect(loss).toBeLessThan(1);
  }
});

it('writes a checkpoint that the engine opens', async () => {
  const trained = join(folder, 'trained');
  const check: unknown = JSON.parse(await vilasrDoes('model', 'check', trained, '--json'));
  expect(check).toMatchObject({ runs: true, model: { unused: [] } });
});
