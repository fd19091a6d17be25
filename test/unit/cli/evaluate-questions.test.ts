import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { CliError } from '../../../src/cli/cli-error';
import { type EvaluationSetup, evaluateQuestions } from '../../../src/cli/evaluate-questions';
import { openTraceFile } from '../../../src/dataset/trace-file';
import { ScriptedEngine, type ScriptedReply } from '../../../src/engine/scripted-engine';
import { ImageError, type PixelService } from '../../../src/image/pixel-service';
import { CallError } from '../../../src/protocol/call-error';
import { defaultProfile } from '../../../src/reason/default-profile';
import type { Trace } from '../../../src/trace/trace';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { mazeRun, pixels } from './world-run';

let folder: string;
let runs: Awaited<ReturnType<typeof mazeRun>>[];
beforeEach(async () => {
  folder = await temporaryFolder();
  runs = await Promise.all([0, 1, 2].map((index) => mazeRun(folder, index)));
});

const repliesOf = (...indices: number[]): ScriptedReply[] =>
  indices.flatMap((index) => runs[index]?.replies ?? []);

async function evaluate(replies: readonly ScriptedReply[], setup: Partial<EvaluationSetup> = {}) {
  const file = await openTraceFile(join(folder, 'out.traces.jsonl'));
  const engine = new ScriptedEngine(replies);
  const breaks: string[] = [];
  const sampling = { temperature: 0, topP: 1, seed: 0 };
  const limits = { maxTurns: null, maxImages: null, maxPixels: null, maxTokens: null };
  const result = await evaluateQuestions(
    runs.map(({ question }) => question),
    file,
    {
      questionFile: join(folder, 'questions.jsonl'),
      choice: { source: { type: 'folder', dir: null }, weights: null, profile: null, sampling, ...limits },
      engine,
      pixels,
      profile: defaultProfile,
      drawing: true,
      signal: new AbortController().signal,
      onBreak: ({ id }) => breaks.push(id),
      onScore: () => {},
      ...setup,
    },
  ).catch((error: unknown) => error);
  const traces: Trace[] = [];
  for await (const trace of file.traces()) traces.push(trace);
  await file.close();
  return { result, traces, engine, breaks };
}

const failing = (kind: 'killed' | 'server' | 'no-space' | 'bad-request' | 'cancelled'): ScriptedReply => ({
  text: '<think> I',
  failure: { afterTokens: 2, kind, message: 'It broke.' },
});

describe('an evaluation', () => {
  it('asks one question after another and counts right answers, turns and drawings', async () => {
    const { result, traces } = await evaluate(repliesOf(0, 1, 2));
    const turns = repliesOf(0, 1, 2).length;
    expect(result).toMatchObject({
      questions: 3,
      accuracy: 1,
      wellFormedTurns: 1,
      turns,
      boxes: 0,
      lines: turns - 3,
    });
    expect(traces.map(({ id }) => id)).toEqual(['maze-0', 'maze-1', 'maze-2']);
  });

  it('counts a wrong answer as wrong', async () => {
    const wrong = { text: '<think> I see. </think> Action: Answer\n<answer> E </answer>' };
    const { result } = await evaluate([wrong, ...repliesOf(1, 2)]);
    expect(result).toMatchObject({ questions: 3, accuracy: 2 / 3, wellFormedTurns: 1 });
  });

  it('tells the scores after each question', async () => {
    const told: number[] = [];
    await evaluate(repliesOf(0, 1, 2), { onScore: (scores) => told.push(scores.length) });
    expect(told).toEqual([1, 2, 3]);
  });

  it('shows the model what it drew, or with drawing off the image as it was', async () => {
    const shownTo = async (drawing: boolean) => {
      const { engine, traces } = await evaluate(repliesOf(0, 1, 2), { drawing });
      expect(traces.every(({ run }) => run?.drawing === drawing)).toBe(true);
      const [, , , second] = engine.requests[1]?.messages ?? [];
      const images =
        second?.role === 'user'
          ? second.parts.flatMap((part) => (part.type === 'image' ? [part.image] : []))
          : [];
      return Buffer.from(images[0]?.data ?? []);
    };
    const { data } = await pixels
      .load(join(folder, '0.png'), { factor: 28, minPixels: 3136, maxPixels: 100_000 })
      .then(({ image }) => image);
    const drawn = await shownTo(true);
    expect(drawn.equals(data)).toBe(false);
    folder = join(folder, 'undrawn');
    runs = await Promise.all([0, 1, 2].map((index) => mazeRun(folder, index)));
    expect((await shownTo(false)).equals(data)).toBe(true);
  });

  it('goes on where it was stopped, whatever stopped it', async () => {
    const stopped = await evaluate([...repliesOf(0), failing('no-space')]);
    expect(stopped.result).toBeInstanceOf(CliError);
    expect(stopped.result).toMatchObject({
      exitCode: 3,
      message: 'maze-1: It broke. 1 question of 3 done; the same command goes on.',
    });
    expect(stopped.traces.map(({ id }) => id)).toEqual(['maze-0']);

    const cancelled = await evaluate([...repliesOf(1), failing('cancelled')]);
    expect(cancelled.result).toMatchObject({
      exitCode: 1,
      message: 'Cancelled. 2 questions of 3 done; the same command goes on.',
    });
    const finished = await evaluate(repliesOf(2));
    expect(finished.result).toMatchObject({ questions: 3, accuracy: 1 });
    expect(finished.traces.map(({ id }) => id)).toEqual(['maze-0', 'maze-1', 'maze-2']);
  });

  it('asks again if the engine dies, which may have been an accident', async () => {
    const { result, traces, breaks } = await evaluate([
      ...repliesOf(0),
      ...[...repliesOf(1).slice(0, 2), failing('killed'), ...repliesOf(1)],
      ...repliesOf(2),
    ]);
    expect(result).toMatchObject({ questions: 3, accuracy: 1, turns: repliesOf(0, 1, 2).length });
    expect(traces.map(({ finish }) => finish)).toEqual(['stop', 'stop', 'stop']);
    expect(breaks).toEqual([]);
  });

  it.each([
    ['engine dies', 'killed'],
    ['server fails', 'server'],
  ] as const)(
    'counts a question on which the %s each time as not answered, once and for all',
    async (_, kind) => {
      const died = [failing(kind), failing(kind)];
      const { result, traces, breaks } = await evaluate([...repliesOf(0), ...died, ...repliesOf(2)]);
      expect(result).toMatchObject({ questions: 3, accuracy: 2 / 3 });
      expect(traces.map(({ id, finish, error }) => ({ id, finish, error }))).toEqual([
        { id: 'maze-0', finish: 'stop', error: null },
        { id: 'maze-1', finish: 'failed', error: 'It broke.' },
        { id: 'maze-2', finish: 'stop', error: null },
      ]);
      expect(breaks).toEqual(['maze-1']);
      const again = await evaluate([]);
      expect(again).toMatchObject({ result, traces });
      expect(again.engine.requests).toEqual([]);
    },
  );

  it('does the same where the process that reads the images dies on them', async () => {
    const cause = new CallError('killed', 'the pixel process was killed');
    const mortal: PixelService = {
      ...pixels,
      load: async (path, limits) => {
        if (path.endsWith('1.png')) throw new ImageError(`Cannot use ${path}: it was killed.`, { cause });
        return pixels.load(path, limits);
      },
    };
    const { result, traces } = await evaluate(repliesOf(0, 2), { pixels: mortal });
    expect(result).toMatchObject({ questions: 3, accuracy: 2 / 3 });
    expect(traces[1]).toMatchObject({ id: 'maze-1', finish: 'failed', turns: [], run: null });
    expect(traces[1]?.error).toMatch(/1\.png: it was killed\.$/);
    expect((await evaluate([], { pixels: mortal })).result).toEqual(result);
  });

  it('stops when the engine dies on three questions one after another, and goes on behind them', async () => {
    runs.push(...(await Promise.all([3, 4].map((index) => mazeRun(folder, index)))));
    const died = Array.from({ length: 6 }, () => failing('killed'));
    const stopped = await evaluate([...repliesOf(0), ...died]);
    expect(stopped.result).toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(
        /^The engine broke on 3 questions, one after another\. Take their lines out of .*out\.traces\.jsonl to have them asked again\. 4 questions of 5 done; the same command goes on\.$/,
      ),
    });
    expect(stopped.breaks).toEqual(['maze-1', 'maze-2', 'maze-3']);
    const { result, traces } = await evaluate(repliesOf(4));
    expect(result).toMatchObject({ questions: 5, accuracy: 2 / 5 });
    expect(traces.map(({ id }) => id)).toEqual(['maze-0', 'maze-1', 'maze-2', 'maze-3', 'maze-4']);
  });

  it('counts no such row with an answer in between, and none at the end, where there is nothing more to ask', async () => {
    runs.push(...(await Promise.all([3, 4].map((index) => mazeRun(folder, index)))));
    const died = [failing('killed'), failing('killed')];
    const row = [...died, ...died, ...died];
    const { result } = await evaluate([...died, ...repliesOf(1), ...row]);
    expect(result).toMatchObject({ questions: 5, accuracy: 1 / 5 });
  });

  it('records a conversation that outgrows the model as not answered, and goes on', async () => {
    const { result, traces } = await evaluate([failing('bad-request'), ...repliesOf(1, 2)]);
    expect(result).toMatchObject({ questions: 3, accuracy: 2 / 3 });
    expect(traces[0]).toMatchObject({ finish: 'failed', error: 'It broke.' });
  });
});
