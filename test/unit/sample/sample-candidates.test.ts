import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { openTraceFile } from '../../../src/dataset/trace-file';
import { type Engine, EngineError } from '../../../src/engine/engine';
import { ScriptedEngine, type ScriptedReply } from '../../../src/engine/scripted-engine';
import { defaultProfile } from '../../../src/reason/default-profile';
import { candidatesOf } from '../../../src/sample/candidate';
import { type SampleSetup, SampleStopped, sampleCandidates } from '../../../src/sample/sample-candidates';
import type { Trace } from '../../../src/trace/trace';
import { writeTrace } from '../../../src/trace/trace-line';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { mazeRun, pixels } from '../cli/world-run';

let folder: string;
let runs: Awaited<ReturnType<typeof mazeRun>>[];
beforeEach(async () => {
  folder = await temporaryFolder();
  runs = await Promise.all([0, 1].map((index) => mazeRun(folder, index)));
});

const solve = (index: number): ScriptedReply[] => runs[index]?.replies ?? [];
const WRONG: ScriptedReply = { text: '<think> I see. </think> Action: Answer\n<answer> E </answer>' };
const failing = (kind: 'killed' | 'no-space' | 'cancelled'): ScriptedReply => ({
  text: '<think> I',
  failure: { afterTokens: 2, kind, message: 'It broke.' },
});

/** An engine that is known by these two. */
const called = (model: string, hash: string, replies: readonly ScriptedReply[]): Engine => {
  const engine = new ScriptedEngine([...replies, ...replies, WRONG, WRONG]);
  return {
    info: { ...engine.info, model, hash },
    generate: (request, signal) => engine.generate(request, signal),
    close: () => engine.close(),
  };
};

async function sample(replies: readonly ScriptedReply[], setup: Partial<SampleSetup> = {}) {
  const file = await openTraceFile(join(folder, 'set.traces.jsonl'));
  const engine = new ScriptedEngine(replies);
  const told: string[] = [];
  const result = await sampleCandidates(
    runs.map(({ question }) => question),
    file,
    {
      ...{ questionFile: join(folder, 'questions.jsonl'), engine, pixels, profile: defaultProfile },
      plan: { candidates: 2, sampling: { temperature: 1, topP: 1, seed: 3 } },
      limitsOf: () => ({ maxTurns: 20, maxImages: 45, maxTokens: 100, minPixels: 784, maxPixels: 100_000 }),
      parallel: 1,
      signal: new AbortController().signal,
      onCandidate: ({ id }, _, isNew) => told.push(`${id}${isNew ? '' : ' again'}`),
      ...setup,
    },
  ).catch((error: unknown) => error);
  const traces: Trace[] = [];
  for await (const trace of file.traces()) traces.push(trace);
  await file.close();
  return { result, traces, engine, told };
}

describe('sampling', () => {
  it('draws every candidate of every question, and records which it is', async () => {
    const { result, traces, told } = await sample([...solve(0), WRONG, ...solve(1), ...solve(1)]);
    expect(result).toEqual({ candidates: 4, right: 3, wellFormed: 4, reflective: 0, kept: 0 });
    expect(traces.map(({ id }) => id)).toEqual(['maze-0#1', 'maze-0#2', 'maze-1#1', 'maze-1#2']);
    expect(told).toEqual(traces.map(({ id }) => id));
    expect(traces[1]?.source).toEqual({
      ...{ questions: 'questions.jsonl', line: 1, gridSize: 3 },
      sample: { question: 'maze-0', candidate: 2, of: 2, seed: 3 },
    });
    expect(new Set(traces.map(({ run }) => run?.sampling.seed)).size).toBe(4);
  });

  it('goes on where it was stopped: none is lost, none is drawn twice', async () => {
    const first = await sample([...solve(0), WRONG, failing('cancelled')]);
    expect(first.result).toMatchObject({ reason: 'cancelled' });
    const second = await sample([...solve(1), failing('no-space')]);
    expect(second.result).toMatchObject({ reason: 'no-engine', message: 'maze-1#2: It broke.' });
    expect(second.told).toEqual(['maze-0#1 again', 'maze-0#2 again', 'maze-1#1']);
    const third = await sample(solve(1));
    expect(third.result).toMatchObject({ candidates: 4, right: 3 });
    expect(third.traces.map(({ id }) => id)).toEqual(['maze-0#1', 'maze-0#2', 'maze-1#1', 'maze-1#2']);
  });

  it('begins nothing new once it is paused, and draws what is under way to its end', async () => {
    const pause = new AbortController();
    const begun: string[] = [];
    const onBegin = (id: string) => {
      begun.push(id);
      if (begun.length === 2) pause.abort();
    };
    const { result, traces } = await sample([WRONG, WRONG], { parallel: 2, pause: pause.signal, onBegin });
    expect(result).toMatchObject({ reason: 'paused' });
    expect(begun).toEqual(['maze-0#1', 'maze-0#2']);
    expect(traces.map(({ id, finish }) => `${id} ${finish}`).sort()).toEqual([
      'maze-0#1 stop',
      'maze-0#2 stop',
    ]);
    const rest = await sample([WRONG, WRONG]);
    expect(rest.traces.map(({ id }) => id).sort()).toEqual(['maze-0#1', 'maze-0#2', 'maze-1#1', 'maze-1#2']);
  });

  it('knows a checkpoint by what is in it, whatever it is called', async () => {
    await sample([], { engine: called('model', 'abc', solve(0)) });
    const again = await sample([], { engine: called('bundled', 'abc', solve(0)) });
    expect(again.result).toMatchObject({ candidates: 4 });
    const other = await sample([], { engine: called('bundled', 'xyz', []) });
    expect(other.result).toMatchObject({ reason: 'other-run' });
  });

  it('takes more candidates into a set that is there', async () => {
    await sample([...solve(0), ...solve(0), ...solve(1), ...solve(1)]);
    const plan = { candidates: 3, sampling: { temperature: 1, topP: 1, seed: 3 } };
    const { result, traces } = await sample([...solve(0), ...solve(1)], { plan });
    expect(result).toMatchObject({ candidates: 6 });
    expect(traces.slice(4).map(({ id }) => id)).toEqual(['maze-0#3', 'maze-1#3']);
  });

  it('does not mix what was drawn otherwise', async () => {
    await sample([...solve(0), failing('cancelled')]);
    const plan = { candidates: 2, sampling: { temperature: 0.5, topP: 1, seed: 3 } };
    const { result } = await sample([], { plan });
    expect(result).toBeInstanceOf(SampleStopped);
    expect(result).toMatchObject({
      reason: 'other-run',
      message: expect.stringContaining('different sampling'),
    });
  });

  it('records what the engine breaks on, and stops if it goes on breaking', async () => {
    const broken = [failing('killed'), failing('killed')];
    const { result, traces } = await sample([...broken, ...broken, ...broken]);
    expect(result).toMatchObject({ reason: 'engine-breaks' });
    expect(traces.map(({ id, finish }) => [id, finish])).toEqual([
      ['maze-0#1', 'failed'],
      ['maze-0#2', 'failed'],
      ['maze-1#1', 'failed'],
    ]);
  });

  it('asks each alone again where a process dies that answers several: who kills it takes no other along', async () => {
    const plan = { candidates: 2, sampling: { temperature: 1, topP: 1, seed: 3 } };
    const [culprit] = candidatesOf(
      runs.map(({ question }) => question),
      plan,
    );
    const going = new Set<(error: EngineError) => void>();
    const together: number[] = [];
    const engine: Engine = {
      info: new ScriptedEngine([]).info,
      close: async () => {},
      async *generate({ sampling }) {
        let kill = (_: EngineError) => {};
        const killed = new Promise<never>((_, reject) => {
          kill = reject;
        });
        killed.catch(() => {});
        going.add(kill);
        try {
          await Promise.race([killed, sleep(20)]);
          together.push(going.size);
          if (sampling.seed === culprit?.sampling.seed) {
            for (const one of going) one(new EngineError('killed', 'It was killed.'));
          }
          await Promise.race([killed, sleep(20)]);
          yield { type: 'end', reason: 'stop', text: WRONG.text, tokens: 1, ids: [1] };
        } finally {
          going.delete(kill);
        }
      },
    };
    const { result, traces } = await sample([], { plan, engine, parallel: 3 });
    expect(result).toMatchObject({ candidates: 4 });
    const ends = traces.map(({ id, finish }) => `${id} ${finish}`).sort();
    expect(ends).toEqual(['maze-0#1 failed', 'maze-0#2 stop', 'maze-1#1 stop', 'maze-1#2 stop']);
    expect(together[0]).toBe(3);
  });

  it('has as many under way as it may, and writes a line for each', async () => {
    const replies = Array.from({ length: 4 }, () => WRONG);
    const { result, traces } = await sample(replies, { parallel: 3 });
    expect(result).toMatchObject({ candidates: 4, right: 0 });
    expect(traces.map(({ id }) => id).sort()).toEqual(['maze-0#1', 'maze-0#2', 'maze-1#1', 'maze-1#2']);
  });

  it('adds nothing to traces that are no set', async () => {
    const path = join(folder, 'set.traces.jsonl');
    const { traces } = await sample([...solve(0), WRONG, ...solve(1), ...solve(1)]);
    const before = traces
      .map((trace) => `${writeTrace({ ...trace, id: `run of ${trace.id}`, source: null })}\n`)
      .join('');
    await writeFile(path, before);
    const { result, told } = await sample(solve(0));
    expect(result).toMatchObject({
      reason: 'no-set',
      message: `${path} is no set of candidates: it holds 4 other traces. Nothing was added to it. Choose another trace file.`,
    });
    expect(told).toEqual([]);
    expect(await readFile(path, 'utf8')).toBe(before);
  });
});
