import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { EngineError } from '../../../../../src/engine/engine';
import { openCheckpoint } from '../../../../../src/engine/onnx/checkpoint';
import { onCpu } from '../../../../../src/engine/onnx/computing';
import type { LocalEvent } from '../../../../../src/engine/onnx/engine-contract';
import { importCheckpoint } from '../../../../../src/engine/onnx/import';
import type { ImportedModel } from '../../../../../src/engine/onnx/imported-model';
import { type ChatRequest, LocalModel } from '../../../../../src/engine/onnx/runtime/local-model';
import { SharedCache } from '../../../../../src/engine/onnx/runtime/shared-cache';

const checkpoint = join(import.meta.dirname, '../../../../parity/golden/checkpoints/gqa3-sharded-bf16');
const SLOTS = 3;
const computing = onCpu('a test');
let imported: ImportedModel;
let one: LocalModel;
let many: LocalModel;
let cacheDir: string;

beforeAll(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'vilasr-together-'));
  imported = await importCheckpoint(await openCheckpoint(checkpoint), { weights: 'fp32', cacheDir });
  one = await LocalModel.open(imported, { computing });
  many = await LocalModel.open(imported, { computing, parallel: SLOTS });
});
afterAll(async () => {
  await one.close();
  await many.close();
  await rm(cacheDir, { recursive: true, force: true });
});

const ask = (text: string, maxTokens = 30, seed: number | null = null): ChatRequest => ({
  messages: [{ role: 'user', parts: [{ type: 'text', text }] }],
  sampling: { temperature: seed === null ? 0 : 0.8, topP: 0.95, seed: seed ?? 0 },
  maxTokens,
});

interface Ran {
  readonly events: readonly LocalEvent[];
  readonly text: string;
  readonly ended: 'stop' | 'length' | 'cancelled';
}

/** Runs a request; it is cancelled once it has said `leaveAt` tokens. */
async function run(
  model: LocalModel,
  request: ChatRequest,
  leaveAt = Number.POSITIVE_INFINITY,
): Promise<Ran> {
  const events: LocalEvent[] = [];
  const abort = new AbortController();
  let [text, tokens] = ['', 0];
  let ended: Ran['ended'] = 'cancelled';
  try {
    for await (const event of model.generate(request, abort.signal)) {
      events.push(event);
      if (event.type === 'text') [text, tokens] = [text + event.text, event.tokens];
      if (tokens >= leaveAt) abort.abort();
      if (event.type === 'end') ended = event.reason;
    }
  } catch (error) {
    if (!(error instanceof EngineError) || error.kind !== 'cancelled') throw error;
  }
  return { events, text, ended };
}

const said = ({ text, ended }: Ran) => ({ text, ended });
const reused = ({ events: [first] }: Ran) =>
  first?.type === 'prefill' ? { reused: first.reused, total: first.total } : null;
/** How many tokens of a prompt are run. */
const fresh = (runs: readonly Ran[]) =>
  runs.map((ran) => (reused(ran)?.total ?? 0) - (reused(ran)?.reused ?? 0));

describe('together', () => {
  test('conversations say what they say one after another, more of them than there is room for', async () => {
    const requests = Array.from({ length: 2 * SLOTS + 1 }, (_, i) =>
      ask('Tell me more. '.repeat(1 + 3 * i), 20 + 11 * i, i % 2 === 0 ? null : i),
    );
    const alone: Ran[] = [];
    for (const request of requests) alone.push(await run(one, request));
    const together = await Promise.all(requests.map((request) => run(many, request)));
    expect(together.map(said)).toEqual(alone.map(said));
    expect(new Set(alone.map(({ text }) => text)).size).toBeGreaterThan(SLOTS);
  });

  test('candidates of a question run its prompt once, and differ by their seeds', async () => {
    const question = `Where does it end? ${'Left, then right. '.repeat(60)}`;
    const model = await LocalModel.open(imported, { computing, parallel: SLOTS });
    const runs = await Promise.all(
      Array.from({ length: SLOTS }, (_, seed) => run(model, ask(question, 40, seed))),
    );
    const total = reused(runs[0] ?? { events: [], text: '', ended: 'stop' })?.total ?? 0;
    // Whichever comes first.
    expect(fresh(runs).sort((a, b) => b - a)).toEqual([total, 1, 1]);
    expect(new Set(runs.map(({ text }) => text)).size).toBe(SLOTS);
    await model.close();
  });

  test('each goes on from what it said itself, though others began alike', async () => {
    const model = await LocalModel.open(imported, { computing, parallel: SLOTS });
    const first = Array.from({ length: SLOTS }, (_, seed) => ask('Where does it end?', 25, seed));
    const ends = (await Promise.all(first.map((request) => run(model, request)))).map(({ events }) =>
      events.at(-1),
    );
    const next = first.map((request, i): ChatRequest => {
      const end = ends[i];
      if (end?.type !== 'end') throw new Error('the reply did not end');
      const messages = [
        ...request.messages,
        { role: 'assistant' as const, text: end.text, tokens: end.ids },
        { role: 'user' as const, parts: [{ type: 'text' as const, text: 'Are you sure?' }] },
      ];
      return { ...request, messages };
    });
    const runs = await Promise.all(next.map((request) => run(model, request)));
    // None had to run the question or its reply again, but for a last token after which nothing was asked.
    const added = runs.map((ran, i) => {
      const before = model.encode(first[i]?.messages ?? []).ids.length;
      const end = ends[i];
      const replied = end?.type === 'end' ? end.ids.length - (end.reason === 'length' ? 1 : 0) : 0;
      return (reused(ran)?.reused ?? 0) - before - replied;
    });
    expect(added).toEqual([0, 0, 0]);
    const alone: Ran[] = [];
    for (const request of next) alone.push(await run(one, request));
    expect(runs.map(said)).toEqual(alone.map(said));
    await model.close();
  });

  test('whoever leaves, joins, or waits, changes nothing for the others', async () => {
    const texts = ['a', 'Once more, with feeling.', 'Tell me more. '.repeat(40), 'x'.repeat(300)];
    const script = fc.record({
      text: fc.constantFrom(...texts),
      maxTokens: fc.integer({ min: 1, max: 60 }),
      seed: fc.option(fc.integer({ min: 0, max: 3 })),
      delay: fc.integer({ min: 0, max: 30 }),
      leaveAt: fc.option(fc.integer({ min: 1, max: 40 })),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(script, { minLength: 2, maxLength: 7 }), async (all) => {
        const runs = await Promise.all(
          all.map(async ({ text, maxTokens, seed, delay, leaveAt }) => {
            await sleep(delay);
            return run(many, ask(text, maxTokens, seed), leaveAt ?? undefined);
          }),
        );
        for (const [i, { text, maxTokens, seed }] of all.entries()) {
          const whole = await run(one, ask(text, maxTokens, seed));
          const ran = runs[i];
          if (ran?.ended === 'cancelled') expect(whole.text.startsWith(ran.text)).toBe(true);
          else expect(ran && said(ran)).toEqual(said(whole));
        }
      }),
      { numRuns: process.env.VILASR_LONG === '1' ? 1000 : 12 },
    );
  });

  test('a cancel in the line for a place leaves the line', async () => {
    const abort = new AbortController();
    const busy = Array.from({ length: SLOTS }, (_, seed) => run(many, ask('Go on.', 200, seed)));
    const waiting = (async () => {
      for await (const _ of many.generate(ask('And me?'), abort.signal)) return 'served';
      return 'ended';
    })();
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ kind: 'cancelled' });
    expect((await Promise.all(busy)).map(({ ended }) => ended)).not.toContain('cancelled');
    expect((await run(many, ask('And me?'))).ended).not.toBe('cancelled');
  });

  test('a run that fails for one of them ends that one alone', async () => {
    const model = await LocalModel.open(imported, { computing, parallel: SLOTS });
    const { run: runTokens } = SharedCache.prototype;
    let runs = 0;
    // Nothing that is asked makes one token of several fail.
    const failing = vi.spyOn(SharedCache.prototype, 'run').mockImplementation(function (
      this: SharedCache,
      session,
      embeds,
      slots,
      starts,
      logits,
    ) {
      if (slots.at(-1) === SLOTS - 1 && ++runs > 10)
        throw new EngineError('bad-model', 'The last slot fails.');
      return runTokens.call(this, session, embeds, slots, starts, logits);
    });
    const requests = Array.from({ length: SLOTS }, (_, seed) => ask('Go on.', 40, seed));
    const ends = await Promise.allSettled(requests.map((request) => run(model, request)));
    failing.mockRestore();
    const failed = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason.message] : []));
    expect(failed).toEqual(['The last slot fails.']);
    for (const [i, end] of ends.entries()) {
      if (end.status === 'fulfilled')
        expect(said(end.value)).toEqual(said(await run(one, requests[i] ?? ask(''))));
    }
    await model.close();
  });

  test('a cache that cannot grow ends all that go on with words, and those after them start anew', async () => {
    const model = await LocalModel.open(imported, { computing, parallel: SLOTS });
    const { reserve } = SharedCache.prototype;
    let fails = false;
    // A machine cannot be made to run out of memory at one moment.
    const grow = vi.spyOn(SharedCache.prototype, 'reserve').mockImplementation(function (
      this: SharedCache,
      tokens,
      held,
    ) {
      if (fails) {
        fails = false;
        return reserve.call(this, 2 ** 40, held);
      }
      return reserve.call(this, tokens, held);
    });
    const going = [0, 1].map((seed) => run(model, ask('Go on.', 400, seed)));
    await sleep(60);
    fails = true;
    const ends = await Promise.allSettled([...going, run(model, ask('Me too.', 400))]);
    const kinds = ends.map((end) => (end.status === 'rejected' ? end.reason.kind : end.value.ended));
    expect(kinds.filter((kind) => kind === 'out-of-memory').length).toBeGreaterThanOrEqual(2);
    expect(said(await run(model, ask('Go on.', 30)))).toEqual(said(await run(one, ask('Go on.', 30))));
    grow.mockRestore();
    await model.close();
  });
});
