import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { nextStep } from '../../src/reason/stop-rule';
import { scoredTrace } from '../../src/score/scored-trace';
import { upstreamReward } from '../../src/score/upstream/reward';
import { inputImages } from '../../src/trace/lineage';
import { parseTurn } from '../../src/trace/parse-turn';
import type { Trace } from '../../src/trace/trace';
import { writeTrace } from '../../src/trace/trace-line';
import { runPython } from '../helpers/python';
import { vilasr } from '../helpers/vilasr';
import { malformedTraces } from './reward/malformed';

const scoresSchema = v.object({
  accuracy: v.number(),
  format: v.number(),
  reflection: v.number(),
  overall: v.number(),
});
const judgedSchema = v.object({
  scores: scoresSchema,
  single: scoresSchema,
  steps: v.array(v.union([v.string(), v.tuple([v.array(v.number()), v.boolean()])])),
});

/** What judge.py is given. */
interface Row {
  readonly turns: readonly string[];
  readonly gold: string | null;
  readonly type: string;
}

const traces = malformedTraces(1000, 20261126);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vilasr-reward-'));
  await writeFile(
    join(folder, 'malformed.traces.jsonl'),
    traces.map((trace) => `${writeTrace(trace)}\n`).join(''),
  );
  for (const args of [
    ['synth', 'maze', '--count', '2', '--seed', '5', '--out', 'made'],
    ['export', 'made/cold-start.traces.jsonl', '--for', 'verl', '--all', '--out', 'rl'],
  ]) {
    const { exitCode, stderr } = await vilasr(args, { cwd: folder });
    if (exitCode !== 0) throw new Error(stderr);
  }
  return () => rm(folder, { recursive: true, force: true });
}, 120_000);

function judged(rows: readonly Row[]): v.InferOutput<typeof judgedSchema>[] {
  const input = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const program = join(import.meta.dirname, 'reward', 'judge.py');
  const said = runPython('VILASR_PYTHON', [program, join(folder, 'rl')], { cwd: folder, input });
  return said
    .trim()
    .split('\n')
    .map((line) => v.parse(judgedSchema, JSON.parse(line)));
}

const rowOf = (trace: Trace): Row => ({
  turns: trace.turns.map(({ text }) => text),
  gold: trace.gold,
  type: scoredTrace(trace).upstreamType,
});

describe('the exported reward function', () => {
  it('gives what vilasr score gives, bit for bit, on 1,000 traces of which many are malformed', async () => {
    const { exitCode, stdout } = await vilasr(['score', 'malformed.traces.jsonl', '--json'], { cwd: folder });
    expect(exitCode).toBe(0);
    const ours = stdout.trim().split('\n');
    const theirs = judged(traces.map(rowOf));
    expect(theirs).toHaveLength(1000);
    expect(theirs.map(({ scores }) => scores)).toEqual(ours.map((line) => JSON.parse(line).upstream));
    const has = (holds: (scores: v.InferOutput<typeof scoresSchema>) => boolean) =>
      theirs.filter(({ scores }) => holds(scores)).length;
    expect(has(({ format }) => format === 1)).toBeGreaterThan(100);
    expect(has(({ format }) => format === 0)).toBeGreaterThan(100);
    expect(has(({ reflection }) => reflection === 1)).toBeGreaterThan(10);
    expect(has(({ accuracy }) => accuracy > 0 && accuracy < 1)).toBeGreaterThan(20);
  });

  it('gives for a single turn what that turn alone is worth', () => {
    const expected = traces.map((trace) => {
      const turns = trace.turns.slice(-1);
      const { messages, gold, upstreamType } = scoredTrace({ ...trace, turns });
      // A rollout that says nothing is an empty turn.
      const said = turns.length > 0 ? messages : [...messages, { role: 'user', content: '' }, EMPTY];
      const { accuracy, format, reflection, overall } = upstreamReward(said, gold ?? '', upstreamType);
      return { accuracy, format, reflection, overall };
    });
    expect(judged(traces.map(rowOf)).map(({ single }) => single)).toEqual(expected);
  });

  it("gives what upstream's own program gave for the dialogues of the parity test", async () => {
    const golden = await readFile(join(import.meta.dirname, '../parity/golden/reward.json.gz'));
    const { rows } = v.parse(goldenSchema, JSON.parse(gunzipSync(golden).toString()));
    // Where a message is missing, upstream takes those of the user for the model's.
    const whole = rows.filter(({ messages }) => messages[0]?.role === 'system' && messages.length > 2);
    expect(whole.length).toBeGreaterThan(1800);
    const theirs = judged(
      whole.map(({ messages, gold, question_type: type }) => {
        const turns = messages.flatMap(({ role, content }) => (role === 'assistant' ? [content] : []));
        return { turns, gold, type };
      }),
    );
    whole.forEach(({ accuracy, format = 0, reflection = 0, overall }, i) => {
      expect(theirs[i]?.scores).toMatchObject({ accuracy, format, reflection });
      if (overall !== undefined) expect(theirs[i]?.scores.overall).toBe(overall);
    });
  });
});

const EMPTY = { role: 'assistant', content: '' };
const goldenSchema = v.object({
  rows: v.array(
    v.object({
      messages: v.array(v.object({ role: v.string(), content: v.string() })),
      question_type: v.string(),
      gold: v.string(),
      accuracy: v.number(),
      format: v.optional(v.number()),
      reflection: v.optional(v.number()),
      overall: v.optional(v.number()),
    }),
  ),
});

/** As judge.py has them. */
const LIMITS = { maxTurns: 4, maxImages: 5, maxTokens: 1024, minPixels: 1, maxPixels: 1 };

it('the exported drawing rules draw the same images and end for the same reasons as vilasr run', () => {
  const expected = traces.map(({ turns }) => {
    const images = inputImages(2);
    const steps: (string | [number[], boolean])[] = [];
    for (const [number, { text }] of turns.entries()) {
      const step = nextStep({ number, text, parsed: parseTurn(text), finish: 'stop' }, images, LIMITS);
      steps.push(step.type === 'end' ? step.finish : [step.images.map((image) => image.number), step.final]);
      if (step.type === 'end') break;
      images.push(...step.images);
    }
    return steps;
  });
  const ends = new Set(expected.flat().filter((step) => typeof step === 'string'));
  expect([...ends].sort()).toEqual(['IndexError', 'TooManyImages', 'ToolError', 'ToolGenError', 'stop']);
  expect(judged(traces.map(rowOf)).map(({ steps }) => steps)).toEqual(expected);
});
