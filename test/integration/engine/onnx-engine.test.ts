import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Engine, GenerateRequest, Message } from '../../../src/engine/engine';
import type { OpenProgress } from '../../../src/engine/onnx/engine-contract';
import { openOnnxEngine } from '../../../src/engine/onnx/onnx-engine';
import type { RgbImage } from '../../../src/trace/geometry';
import { buildEngine, checkpoints, engineProcesses, outcome } from '../../helpers/engine-process';

/** Says the same token over and over, so that a run lasts as long as it may. */
const checkpoint = join(checkpoints, 'mqa-tied-bf16');
const greedy = { temperature: 0, topP: 1, seed: 0 };
const image = (seed: number): RgbImage => ({
  width: 84,
  height: 56,
  data: Uint8Array.from({ length: 84 * 56 * 3 }, (_, i) => (i * 31 + seed * 17) & 255),
});
const question = (text: string, picture = image(1)): Message => ({
  role: 'user',
  parts: [
    { type: 'image', image: picture },
    { type: 'text', text },
  ],
});
const ask = (maxTokens: number, text = 'What is it?'): GenerateRequest => ({
  messages: [question(text)],
  sampling: greedy,
  maxTokens,
});

let built: Awaited<ReturnType<typeof buildEngine>>;
let engine: Engine;
const open = (
  options: {
    entry?: string;
    weights?: undefined;
    parallel?: number;
    hangLimit?: number;
    onProgress?: (progress: OpenProgress) => void;
    signal?: AbortSignal;
  } = {},
) =>
  openOnnxEngine({
    dir: checkpoint,
    weights: 'fp32',
    provider: 'cpu',
    cacheDir: join(built.dir, 'models'),
    entry: built.entry,
    ...options,
  });

beforeAll(async () => {
  built = await buildEngine();
});
afterAll(() => built.remove());
afterEach(() => engine.close());

/** Runs a long request and does `strike` to the engine's process in the middle of it. */
async function strike(signal: NodeJS.Signals) {
  let pid = 0;
  const result = await outcome(engine, ask(3000), {
    onEvent: (event) => {
      if (event.type !== 'text' || pid !== 0) return;
      pid = engineProcesses()[0] ?? 0;
      process.kill(pid, signal);
    },
  });
  return { ...result, pid };
}

describe('a model in a process of its own', () => {
  test('is imported once, with progress, and says what it is', async () => {
    const phases = new Set<string>();
    engine = await open({ onProgress: ({ phase }) => phases.add(phase) });
    expect([...phases]).toEqual(['converting', 'opening']);
    expect(engine.info).toMatchObject({
      model: 'mqa-tied-bf16',
      provider: 'cpu',
      weights: 'fp32',
      contextLength: 4096,
    });
    expect(engine.info.hash).toMatch(/^[0-9a-f]{64}$/);
    await engine.close();
    phases.clear();
    engine = await open({ onProgress: ({ phase }) => phases.add(phase) });
    expect([...phases]).toEqual(['opening']);
  });

  test('streams a reply whose pieces join to its text', async () => {
    engine = await open();
    const { events, text, error } = await outcome(engine, ask(200));
    expect(error).toBeNull();
    expect(events[0]).toMatchObject({ type: 'prefill', reused: 0 });
    const end = events.at(-1);
    expect(end).toMatchObject({ type: 'end', reason: 'length', text });
    expect(end).toMatchObject({ tokens: 200, ids: { length: 200 } });
  });

  test('a next turn prefills only what is new, on the very tokens it generated', async () => {
    engine = await open();
    const first = await outcome(engine, ask(40));
    const end = first.events.at(-1);
    if (end?.type !== 'end' || end.ids === null) throw new Error('the first turn did not end');
    const said: Message = { role: 'assistant', text: end.text, tokens: end.ids };
    const next = { ...ask(5), messages: [question('What is it?'), said, question('Sure?', image(2))] };
    const { events } = await outcome(engine, next);
    const [begin] = events;
    if (begin?.type !== 'prefill') throw new Error('no prefill');
    const prompt = first.events[0]?.type === 'prefill' ? first.events[0].total : 0;
    // All but the last token of the reply, which was never run.
    expect(begin.reused).toBe(prompt + end.ids.length - 1);
  });

  test('two requests at once are served one after the other', async () => {
    engine = await open();
    const a = await outcome(engine, ask(30, 'a'));
    const b = await outcome(engine, ask(30, 'b'));
    const together = await Promise.all([outcome(engine, ask(30, 'a')), outcome(engine, ask(30, 'b'))]);
    expect(together.map(({ text }) => text)).toEqual([a.text, b.text]);
  });

  test('a seed makes sampling repeatable', async () => {
    engine = await open();
    const sampled = (seed: number) =>
      outcome(engine, { ...ask(40), sampling: { temperature: 3, topP: 0.95, seed } });
    const first = await sampled(1);
    expect((await sampled(1)).text).toBe(first.text);
    expect((await sampled(2)).text).not.toBe(first.text);
  });

  test('requests that cannot be served are refused, and the engine goes on', async () => {
    engine = await open();
    const odd: RgbImage = { width: 30, height: 28, data: new Uint8Array(30 * 28 * 3) };
    const bad = await outcome(engine, { ...ask(5), messages: [question('?', odd)] });
    expect(bad.error).toMatchObject({
      kind: 'bad-request',
      message: expect.stringContaining('multiples of 28'),
    });
    const long = await outcome(engine, ask(5, 'word '.repeat(5000)));
    expect(long.error).toMatchObject({
      kind: 'bad-request',
      message: expect.stringContaining('at most 4096'),
    });
    expect((await outcome(engine, ask(5))).error).toBeNull();
  });
});

describe('several at once', () => {
  const asks = Array.from({ length: 7 }, (_, i) => ({
    ...ask(60 + 10 * i, i < 4 ? 'What is it?' : `And ${i}?`),
    sampling: { temperature: 2, topP: 0.9, seed: i },
  }));

  test('say what they say one after another, more of them than it takes at once', async () => {
    engine = await open();
    const alone: string[] = [];
    for (const request of asks) alone.push((await outcome(engine, request)).text);
    await engine.close();
    engine = await open({ parallel: 3 });
    const together = await Promise.all(asks.map((request) => outcome(engine, request)));
    expect(together.map(({ text }) => text)).toEqual(alone);
    expect(engineProcesses()).toHaveLength(1);
  });

  test('a cancel of one leaves the others alone', async () => {
    engine = await open({ parallel: 3 });
    const whole = await outcome(engine, ask(300));
    const abort = new AbortController();
    const [left, stayed] = await Promise.all([
      outcome(engine, ask(3000, 'Me?'), {
        signal: abort.signal,
        onEvent: (event) => event.type === 'text' && abort.abort(),
      }),
      outcome(engine, ask(300)),
    ]);
    expect(left.error?.kind).toBe('cancelled');
    expect(left.text.length).toBeGreaterThan(0);
    expect({ text: stayed.text, error: stayed.error }).toEqual({ text: whole.text, error: null });
  });

  test('all end with words when the process dies, and each goes on in the next one', async () => {
    engine = await open({ parallel: 3 });
    let pid = 0;
    const kill = (event: { type: string }) => {
      if (event.type !== 'text' || pid !== 0) return;
      pid = engineProcesses()[0] ?? 0;
      process.kill(pid, 'SIGKILL');
    };
    const runs = await Promise.all(
      ['a', 'b', 'c'].map((text) => outcome(engine, ask(3000, text), { onEvent: kill })),
    );
    expect(runs.map(({ error }) => error?.kind)).toEqual(['killed', 'killed', 'killed']);
    const again = await Promise.all(['a', 'b', 'c'].map((text) => outcome(engine, ask(10, text))));
    expect(again.map(({ error }) => error)).toEqual([null, null, null]);
    expect(engineProcesses()).toHaveLength(1);
  });
});

describe('cancel', () => {
  test('answers at once, keeps what was said, and the next run goes on from the cache', async () => {
    engine = await open();
    const abort = new AbortController();
    let aborted = 0;
    const { error, text } = await outcome(engine, ask(3900), {
      signal: abort.signal,
      onEvent: (event) => {
        if (event.type !== 'text' || aborted > 0) return;
        aborted = performance.now();
        abort.abort();
      },
    });
    expect(performance.now() - aborted).toBeLessThan(1000);
    expect(error?.kind).toBe('cancelled');
    expect(text.length).toBeGreaterThan(0);
    const [again] = (await outcome(engine, ask(5))).events;
    if (again?.type !== 'prefill') throw new Error('no prefill');
    expect(again.reused).toBe(again.total - 1);
  });

  test('loses none of the text before it', async () => {
    engine = await open();
    const whole = (await outcome(engine, ask(2000))).events;
    const [begin, end] = [whole[0], whole.at(-1)];
    if (begin?.type !== 'prefill' || end?.type !== 'end') throw new Error('the reply did not end');
    const said: Message = { role: 'assistant', text: end.text, ...(end.ids && { tokens: end.ids }) };
    for (let round = 0; round < 5; round++) {
      // So that nothing of that reply is in the cache any more.
      await outcome(engine, ask(1, 'Something else'));
      const abort = new AbortController();
      const { events, text } = await outcome(engine, ask(3000), {
        signal: abort.signal,
        // A few milliseconds after a piece was handed on, tokens of the next one are there.
        onEvent: (event) => event.type === 'text' && setTimeout(() => abort.abort(), 5 + 3 * round),
      });
      const heard = events.findLast((event) => event.type === 'text');
      // What the cache holds of the whole reply tells how many of its tokens there were.
      const [again] = (await outcome(engine, { ...ask(1), messages: [question('What is it?'), said] }))
        .events;
      if (again?.type !== 'prefill') throw new Error('no prefill');
      expect(heard?.tokens).toBe(again.reused - begin.total);
      expect(end.text.startsWith(text)).toBe(true);
    }
  });

  test('a signal that was aborted before starts nothing', async () => {
    engine = await open();
    const { events, error } = await outcome(engine, ask(5), { signal: AbortSignal.abort() });
    expect({ events, kind: error?.kind }).toEqual({ events: [], kind: 'cancelled' });
  });

  test('a consumer that leaves stops the run', async () => {
    engine = await open();
    for await (const event of engine.generate(ask(3900))) if (event.type === 'text') break;
    const started = performance.now();
    expect((await outcome(engine, ask(3))).error).toBeNull();
    expect(performance.now() - started).toBeLessThan(1500);
  });
});

describe('a process that dies ends the run with words, and the next run starts another', () => {
  const revived = async (before: number) => {
    expect((await outcome(engine, ask(10))).error).toBeNull();
    expect(engineProcesses()).toHaveLength(1);
    expect(engineProcesses()[0]).not.toBe(before);
  };

  test('killed in the middle of a run', async () => {
    engine = await open();
    const { error, text, pid } = await strike('SIGKILL');
    expect(error).toMatchObject({ kind: 'killed', message: expect.stringContaining('SIGKILL') });
    expect(text.length).toBeGreaterThan(0);
    await revived(pid);
  });

  test('killed between two runs', async () => {
    engine = await open();
    const [pid = 0] = engineProcesses();
    process.kill(pid, 'SIGKILL');
    while (engineProcesses().includes(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
    await revived(pid);
  });

  test('crashed', async () => {
    engine = await open();
    const { error, pid } = await strike('SIGSEGV');
    expect(error).toMatchObject({ kind: 'crashed', message: expect.stringContaining('SIGSEGV') });
    await revived(pid);
  });

  test('hung', async () => {
    engine = await open({ hangLimit: 3000 });
    const { error, pid } = await strike('SIGSTOP');
    expect(error).toMatchObject({ kind: 'hung', message: expect.stringContaining('did not answer for 3 s') });
    await revived(pid);
  });

  test.each(['pixels', 'generate'])(
    'before %s reached it: the next one gets the images too, and the run goes on',
    async (method) => {
      // The engine's program, but the first call of `method` finds what it finds in a fresh process: no model, no images. It
      // writes down how often it is opened.
      const entry = join(built.dir, `forgetful-${method}-engine.js`);
      const log = join(built.dir, `forgetful-${method}.log`);
      await writeFile(
        entry,
        `const { emit } = process;
        let forgot = false;
        process.emit = function (name, message, ...rest) {
          if (name === 'message' && message.method === 'open') {
            require('node:fs').appendFileSync(${JSON.stringify(log)}, 'open ');
          }
          if (name !== 'message' || message.method !== '${method}' || forgot) {
            return emit.call(this, name, message, ...rest);
          }
          forgot = true;
          const failure = { kind: 'not-open', message: 'no model is open' };
          return process.send({ type: 'failure', id: message.id, failure });
        };
        require(${JSON.stringify(built.entry)});`,
      );
      engine = await open();
      const whole = await outcome(engine, ask(10));
      await engine.close();
      engine = await open({ entry });
      const { text, error } = await outcome(engine, ask(10));
      expect({ text, error }).toEqual({ text: whole.text, error: null });
      expect(await readFile(log, 'utf8')).toBe('open open ');
    },
  );

  test('with weights that the first one chose', async () => {
    // The engine's program, which also writes down what weights it is asked for.
    const [entry, log] = [join(built.dir, 'telling-engine.js'), join(built.dir, 'weights.log')];
    await writeFile(
      entry,
      `process.on('message', ({ method, params }) => {
        if (method !== 'open') return;
        require('node:fs').appendFileSync(${JSON.stringify(log)}, params.weights + '\\n');
      });
      require(${JSON.stringify(built.entry)});`,
    );
    engine = await open({ entry, weights: undefined });
    const { pid } = await strike('SIGKILL');
    await revived(pid);
    expect(await readFile(log, 'utf8')).toBe(`null\n${engine.info.weights}\n`);
  });

  test('out of memory', async () => {
    const before = process.env.NODE_OPTIONS;
    process.env.NODE_OPTIONS = '--max-old-space-size=48';
    try {
      engine = await open();
      const { error } = await outcome(engine, ask(5, 'Too much to read. '.repeat(1_000_000)));
      expect(error).toMatchObject({
        kind: 'out-of-memory',
        message: expect.stringContaining('out of memory'),
      });
      expect((await outcome(engine, ask(10))).error).toBeNull();
    } finally {
      if (before === undefined) delete process.env.NODE_OPTIONS;
      else process.env.NODE_OPTIONS = before;
    }
  });
});

describe('opening', () => {
  test('a folder that is no checkpoint is refused with words, and leaves no process', async () => {
    engine = await open();
    await engine.close();
    const refused = openOnnxEngine({
      dir: built.dir,
      entry: built.entry,
      cacheDir: join(built.dir, 'models'),
    });
    await expect(refused).rejects.toMatchObject({
      kind: 'bad-model',
      message: expect.stringContaining('config.json'),
    });
    expect(engineProcesses()).toEqual([]);
  });

  test('a run whose images cannot fit into memory is refused before anything is imported', async () => {
    engine = await open();
    const cacheDir = join(built.dir, 'none');
    const refused = openOnnxEngine({ dir: checkpoint, entry: built.entry, cacheDir, maxPixels: 1e9 });
    await expect(refused).rejects.toMatchObject({
      kind: 'no-space',
      message: expect.stringMatching(/Limit images to \d+ pixels/),
    });
    expect(existsSync(cacheDir)).toBe(false);
  });

  test('can be cancelled', async () => {
    engine = await open();
    await expect(open({ signal: AbortSignal.abort() })).rejects.toMatchObject({ kind: 'cancelled' });
  });
});
