import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import * as v from 'valibot';
import { beforeAll, expect, it } from 'vitest';
import { readConversations } from '../../src/dataset/conversation-rows';
import { openDataSource } from '../../src/dataset/source/open-source';
import { indexHere } from '../../src/dataset/source/start-index';
import { score } from '../../src/score/score';
import { scoredTrace } from '../../src/score/scored-trace';
import type { Trace } from '../../src/trace/trace';
import { runPython } from '../helpers/python';
import { bundledModel, readTraces, vilasr } from '../helpers/vilasr';

const COUNT = 12;
const scoreSchema = v.object({
  score: v.number(),
  overall: v.number(),
  accuracy: v.number(),
  format: v.number(),
  reflection: v.number(),
});

/** What roll_out.py prints. */
const reportSchema = v.object({
  count: v.number(),
  machines: v.number(),
  rows: v.array(
    v.object({
      text: v.string(),
      trained: v.string(),
      probabilities: v.tuple([v.number(), v.number(), v.number()]),
      images: v.array(v.string()),
      finish: v.string(),
      left: v.number(),
      input: v.string(),
      output: v.string(),
      gts: v.string(),
      score: scoreSchema,
      scoreByRoles: scoreSchema,
    }),
  ),
});

let folder: string;
let traces: readonly Trace[];
let report: v.InferOutput<typeof reportSchema>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vilasr-verl-'));
  const made = 'made/cold-start.traces.jsonl';
  for (const args of [
    ['synth', 'scene', '--count', String(COUNT), '--seed', '5', '--out', 'made'],
    ['export', made, '--for', 'verl', '--all', '--out', 'rl'],
    ['export', made, '--for', 'llamafactory', '--all', '--out', 'sft'],
  ]) {
    const { exitCode, stderr } = await vilasr(args, { cwd: folder });
    if (exitCode !== 0) throw new Error(stderr);
  }
  traces = readTraces(join(folder, made));
  const scripts = traces.map(({ turns }) => `${JSON.stringify(turns.map(({ text }) => text))}\n`);
  await writeFile(join(folder, 'turns.jsonl'), scripts.join(''));
  const program = join(import.meta.dirname, 'verl', 'roll_out.py');
  const said = runPython(
    'VILASR_VERL_PYTHON',
    [program, join(folder, 'rl'), bundledModel, join(folder, 'turns.jsonl')],
    { cwd: folder },
  );
  report = v.parse(reportSchema, JSON.parse(said.trim().split('\n').at(-1) ?? ''));
  return () => rm(folder, { recursive: true, force: true });
}, 600_000);

it("verl's own data set reads every row, and its own settings take those of the export", () => {
  expect(report.count).toBe(COUNT);
  expect(report.rows).toHaveLength(COUNT);
  expect(report.machines).toBe(4);
});

it("verl's agent loop says to the model word for word what the trace is trained on with", async () => {
  const samples = await readConversations(join(folder, 'sft', 'cold-start.json'));
  const said = samples.map(({ conversations }) =>
    conversations
      .map(({ role, content }) => {
        const shown = content.replaceAll('<image>', '<|vision_start|><|image_pad|><|vision_end|>');
        return `<|im_start|>${role}\n${shown}<|im_end|>`;
      })
      .join('\n'),
  );
  expect(report.rows.map(({ text }) => text)).toEqual(said);
  for (const { finish, left } of report.rows) expect({ finish, left }).toEqual({ finish: 'stop', left: 0 });
});

it('it trains on what the model said and on nothing else', () => {
  const said = traces.map(({ turns }) => turns.map(({ text }) => `${text}<|im_end|>`).join(''));
  expect(report.rows.map(({ trained }) => trained)).toEqual(said);
  for (const { probabilities } of report.rows) expect(new Set(probabilities).size).toBe(1);
});

it('it shows the model the very pixels that vilasr draws', async () => {
  const samples = v.parse(
    v.array(v.object({ images: v.array(v.string()) })),
    JSON.parse(await readFile(join(folder, 'sft', 'cold-start.json'), 'utf8')),
  );
  for (const [i, { images }] of samples.entries()) {
    expect(images.length).toBeGreaterThan(1);
    expect(report.rows[i]?.images).toEqual(await Promise.all(images.map(pixelsOf)));
  }
});

async function pixelsOf(path: string): Promise<string> {
  const pixels = await sharp(join(folder, 'sft', path))
    .removeAlpha()
    .raw()
    .toBuffer();
  return createHash('sha256').update(pixels).digest('hex');
}

it('its reward is that of vilasr score, with the turns of the loop and by the roles in the text alone', () => {
  for (const [i, trace] of traces.entries()) {
    const { upstream } = score(scoredTrace(trace));
    const expected = { ...upstream, score: upstream?.overall };
    expect(report.rows[i]).toMatchObject({ score: expected, scoreByRoles: expected });
  }
});

it('what it dumps of the rollouts is read back as the traces that they are, with their pictures', async () => {
  const lines = report.rows.map(({ input, output, gts, score: { overall } }, i) =>
    JSON.stringify({ input, output, gts, score: overall, step: 1, request_id: `rollout-${i}` }),
  );
  // Beside the data file, to which the paths of pictures are relative.
  const path = join(folder, 'made', '1.jsonl');
  await writeFile(path, `${lines.join('\n')}\n`);
  const source = await openDataSource(path, {
    startIndex: indexHere,
    images: (near) => ({ folder: near, roots: [near], followLinks: true }),
  });
  try {
    for (const [i, trace] of traces.entries()) {
      const { question, options, type, gold, answer, turns } = trace;
      const item = await source.item(i);
      expect(item?.findings).toEqual([]);
      expect(item?.trace).toMatchObject({ id: `rollout-${i}`, question, options, type, gold, answer });
      expect(item?.trace?.turns.map(({ text }) => text)).toEqual(turns.map(({ text }) => text));
      expect(item?.trace?.turns.map(({ images }) => images)).toEqual(turns.map(({ images }) => images));
      expect(item?.trace?.images.map(({ path: file }) => file)).toEqual(trace.images.map((one) => one.path));
    }
  } finally {
    await source.close();
  }
});
