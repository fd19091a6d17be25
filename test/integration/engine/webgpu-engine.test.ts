import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Computing, Engine, GenerateRequest, ProviderChoice } from '../../../src/engine/engine';
import { benchModel } from '../../../src/engine/onnx/bench/bench-model';
import { openOnnxEngine } from '../../../src/engine/onnx/onnx-engine';
import { buildEngine, checkpoints, engineProcesses, outcome } from '../../helpers/engine-process';
import { describeOnWebgpu } from '../../helpers/software-vulkan';

/** Says the same token over and over, so that a run lasts as long as it may. */
const checkpoint = join(checkpoints, 'mqa-tied-bf16');
const ask = (maxTokens: number): GenerateRequest => ({
  messages: [
    {
      role: 'user',
      parts: [
        {
          type: 'image',
          image: {
            width: 84,
            height: 56,
            data: Uint8Array.from({ length: 84 * 56 * 3 }, (_, i) => (i * 31) & 255),
          },
        },
        { type: 'text', text: 'What is it?' },
      ],
    },
  ],
  sampling: { temperature: 0, topP: 1, seed: 0 },
  maxTokens,
});

describeOnWebgpu('the graphics card', () => {
  let built: Awaited<ReturnType<typeof buildEngine>>;
  let engine: Engine;
  let told: Computing[] = [];
  const open = async (provider: ProviderChoice, entry = built.entry, parallel = 1) => {
    const heard: Computing[] = [];
    told = heard;
    engine = await openOnnxEngine({
      dir: checkpoint,
      weights: 'fp32',
      provider,
      cacheDir: join(built.dir, 'models'),
      ...{ entry, parallel },
      onComputing: (computing) => heard.push(computing),
    });
  };

  beforeAll(async () => {
    built = await buildEngine();
  });
  afterAll(() => built.remove());
  afterEach(() => engine.close());

  test('is left alone by default if it is software, slower than the processor', async () => {
    await open('auto');
    expect(engine.info).toMatchObject({ provider: 'cpu', attention: 'shared-cache' });
    expect(told.map(({ why }) => why)).toEqual([expect.stringMatching(/slower.*\d ms against [\d.]+ ms/)]);
  });

  test('says what the processor says, where it was asked for, by an attention that is right there', async () => {
    await open('cpu');
    const expected = await outcome(engine, ask(100));
    await engine.close();
    await open('webgpu');
    expect(engine.info).toMatchObject({ provider: 'webgpu', attention: 'decomposed' });
    expect(told.map(({ why }) => why)).toEqual([expect.stringContaining('text attention of 32 tokens')]);
    const { text, error } = await outcome(engine, ask(100));
    expect({ text, error }).toEqual({ text: expected.text, error: null });
  });

  /** The engine's program, with `code` before it that sets `hooks` of the sessions on the card; `asked`: its calls so far. */
  async function broken(name: string, code: string): Promise<string> {
    const entry = join(built.dir, `${name}-engine.js`);
    await writeFile(
      entry,
      `const { InferenceSession } = require('onnxruntime-node');
      const { create } = InferenceSession;
      const hooks = { beforeCreate() {}, beforeRun(runs) {}, afterRun(outputs, runs, feeds) {} };
      const asked = [];
      process.prependListener('message', ({ method }) => asked.push(method));
      let runs = 0;
      InferenceSession.create = async (graph, options) => {
        const onCard = options.executionProviders[0] === 'webgpu';
        if (onCard) hooks.beforeCreate();
        const session = await create.call(InferenceSession, graph, options);
        if (!onCard) return session;
        const run = session.run.bind(session);
        session.run = async (feeds, fetches) => {
          if (feeds.embeds && asked.includes('generate')) hooks.beforeRun(++runs);
          const outputs = await run(feeds, fetches);
          hooks.afterRun(outputs, runs, feeds);
          return outputs;
        };
        return session;
      };
      ${code}
      require(${JSON.stringify(built.entry)});`,
    );
    return entry;
  }

  /** Answers with what the probe finds on this adapter, for tests that are not about it. */
  const PROBED = `const { emit } = process;
    process.emit = function (name, message, ...rest) {
      if (name !== 'message' || message.method !== 'probe') return emit.call(this, name, message, ...rest);
      const result = { missing: null, milliseconds: null, products: null, fused: 'off', decomposed: null, checks: [] };
      return process.send({ type: 'result', id: message.id, result });
    };\n`;

  test('goes on with several conversations at once, as the processor does', async () => {
    const said: Record<string, readonly string[]> = {};
    for (const provider of ['webgpu', 'cpu'] as const) {
      await open(provider, built.entry, 3);
      expect(engine.info.attention).toBe(provider === 'cpu' ? 'shared-cache' : 'decomposed');
      const requests = [3, 4, 5].map((seed) => ({ ...ask(12), sampling: { temperature: 8, topP: 1, seed } }));
      const replies = await Promise.all(requests.map((request) => outcome(engine, request)));
      expect(replies.map(({ error }) => error)).toEqual([null, null, null]);
      said[provider] = replies.map(({ text }) => text);
      await engine.close();
    }
    expect(said.webgpu).toEqual(said.cpu);
    expect(new Set(said.cpu).size).toBe(3);
  });

  describe('is not used if it computes wrong:', () => {
    test.each([
      ['everything a little', 'for (const { data } of Object.values(outputs)) if (data) data[0] += 1;'],
      ['back, when it goes back', "if (feeds.keep) throw new Error('no way back');"],
      ['several at once', 'if (feeds.foreign?.dims[0] > 1) outputs.logits.data[0] += 1;'],
      ['no numbers', 'outputs.y?.data.fill(NaN); outputs.logits?.data.fill(NaN);'],
    ])('%s', async (name, code) => {
      await open(
        'webgpu',
        await broken(`wrong-${name[0]}`, `hooks.afterRun = (outputs, runs, feeds) => { ${code} };`),
      );
      expect(engine.info.provider).toBe('cpu');
      expect(told.map(({ why }) => why)).toEqual([expect.stringContaining('computes wrong')]);
      expect((await outcome(engine, ask(10))).error).toBeNull();
    });

    test('its driver ends the process', async () => {
      const dies = "process.on('message', ({ method }) => method === 'probe' && process.abort());";
      await open('auto', await broken('dies', dies));
      expect(engine.info.provider).toBe('cpu');
      expect(told.map(({ why }) => why)).toEqual([
        expect.stringMatching(/^the trial of the graphics card crashed \(SIGABRT\)$/),
      ]);
    });
  });

  test('that has no room for the model is given up for the processor', async () => {
    const full = `hooks.beforeCreate = () => {
      if (asked.includes('open')) throw new Error('Failed to allocate memory for the buffer');
    };`;
    await open('webgpu', await broken('full', PROBED + full));
    expect(engine.info).toMatchObject({
      provider: 'cpu',
      why: expect.stringContaining('Failed to allocate'),
    });
    expect(told).toHaveLength(1);
    expect((await outcome(engine, ask(10))).error).toBeNull();
    expect(engineProcesses()).toHaveLength(1);
  });

  describe.each([
    ['lost', "hooks.beforeRun = (runs) => { if (runs === AT) throw new Error('Device is lost'); };"],
    ['out of memory', "hooks.beforeRun = (runs) => { if (runs === AT) throw new Error('out of memory'); };"],
    ['mute', 'hooks.afterRun = (outputs, runs) => { if (runs >= AT) outputs.logits?.data.fill(0); };'],
    ['fatal', 'hooks.beforeRun = (runs) => { if (runs === AT) process.abort(); };'],
  ])('that is %s', (name, code) => {
    test('before it says anything: the run goes on with the processor', async () => {
      await open('cpu');
      const expected = await outcome(engine, ask(60));
      await engine.close();
      await open('webgpu', await broken(`${name[0]}-first`, PROBED + code.replaceAll('AT', '1')));
      const { text, error } = await outcome(engine, ask(60));
      expect({ text, error }).toEqual({ text: expected.text, error: null });
      expect(told.map(({ provider }) => provider)).toEqual(['webgpu', 'cpu']);
      expect(engine.info).toMatchObject({
        provider: 'cpu',
        why: expect.stringContaining('graphics card was given up'),
      });
      expect(engineProcesses()).toHaveLength(1);
    });

    test('in the middle of a reply: it ends with words and what was said, the next one is the processor’s', async () => {
      await open('cpu');
      const expected = await outcome(engine, ask(400));
      await engine.close();
      await open('webgpu', await broken(`${name[0]}-middle`, PROBED + code.replaceAll('AT', '40')));
      const { text, error } = await outcome(engine, ask(400));
      expect(error).toMatchObject({
        kind: 'crashed',
        message: expect.stringMatching(
          /^The graphics card was given up .* The next run computes on the processor\.$/,
        ),
      });
      expect(text.length).toBeGreaterThan(0);
      expect(expected.text.startsWith(text)).toBe(true);
      const again = await outcome(engine, ask(400));
      expect({ text: again.text, error: again.error }).toEqual({ text: expected.text, error: null });
      expect(engine.info.provider).toBe('cpu');
    });
  });

  describe('that has no room for a conversation', () => {
    /**
     * What the system says is free to a process that computes on the card: opening the model takes something of it; then
     * the first request finds so much, and each that follows the next.
     */
    const free = (taken: number, ...requests: number[]) => `const files = require('node:fs/promises');
      const { readFile } = files;
      const openings = [4e9, 4e9, ${4e9 - taken}];
      let onCard = false;
      process.prependListener('message', ({ method, params }) => {
        if (method === 'open') onCard = params.computing.provider === 'webgpu';
      });
      files.readFile = async (path, ...rest) => {
        if (path !== '/proc/meminfo' || !onCard) return readFile(path, ...rest);
        const request = asked.filter((method) => method === 'generate').length;
        const room = request === 0 ? openings.shift() : ${JSON.stringify(requests)}[request - 1];
        return 'MemAvailable: ' + room / 1000 + ' kB';
      };\n`;

    test('while the processor has: it goes on there, and that is told with the numbers', async () => {
      await open('cpu');
      const expected = await outcome(engine, ask(100));
      await engine.close();
      await open('webgpu', await broken('narrow', PROBED + free(1e9, 0)));
      const { text, error } = await outcome(engine, ask(100));
      expect(text.length).toBeGreaterThan(0);
      expect({ text, error }).toEqual({ text: expected.text, error: null });
      expect(told.map(({ provider }) => provider)).toEqual(['webgpu', 'cpu']);
      expect(told[1]?.why).toMatch(
        /^the graphics card was given up \(with it this conversation of \d+ tokens and 1 images needs about [\d.]+ GB more memory, but [\d.]+ GB are free\)$/,
      );
      expect(engine.info.why).toBe(told[1]?.why);
      expect(engineProcesses()).toHaveLength(1);
    });

    test('waits for what is being said on the card', async () => {
      await open('cpu');
      const [long, short] = [await outcome(engine, ask(400)), await outcome(engine, ask(100))];
      await engine.close();
      await open('webgpu', await broken('busy', PROBED + free(1e9, 4e9, 0)), 2);
      let second: ReturnType<typeof outcome> | null = null;
      let text = '';
      for await (const event of engine.generate(ask(400))) {
        if (event.type !== 'text') continue;
        text += event.text;
        second ??= outcome(engine, ask(100));
      }
      expect(text).toBe(long.text);
      expect(await second).toMatchObject({ text: short.text, error: null });
      expect(engine.info.provider).toBe('cpu');
    });

    test('and is cancelled while it waits: the card is kept', async () => {
      await open('webgpu', await broken('left', PROBED + free(1e9, 4e9, 0, 4e9, 4e9)), 2);
      const abort = new AbortController();
      let second: ReturnType<typeof outcome> | null = null;
      const first = await outcome(engine, ask(300), {
        onEvent: (event) => {
          if (event.type !== 'text') return;
          second ??= outcome(engine, ask(10), { signal: abort.signal });
          if ((event.tokens ?? 0) > 150) abort.abort();
        },
      });
      expect(first.error).toBeNull();
      expect(await second).toMatchObject({ text: '', error: { kind: 'cancelled' } });
      expect(
        (await Promise.all([outcome(engine, ask(10)), outcome(engine, ask(10))])).map(({ error }) => error),
      ).toEqual([null, null]);
      expect(told.map(({ provider }) => provider)).toEqual(['webgpu']);
    });

    test('nor has the processor: it is refused, and the card is kept', async () => {
      await open('webgpu', await broken('nowhere', PROBED + free(0, 0, 4e9)));
      const { text, error } = await outcome(engine, ask(100));
      expect({ text, error }).toMatchObject({ text: '', error: { kind: 'no-space' } });
      expect((await outcome(engine, ask(100))).error).toBeNull();
      expect(told.map(({ provider }) => provider)).toEqual(['webgpu']);
    });
  });

  describe('that is lost while it is measured: what the processor does then is not taken for its own,', () => {
    test.each([
      ['in a prompt', 1, { prefill: null, decode: null }],
      ['in a reply', 20, { prefill: { tokens: expect.any(Number) }, decode: null }],
    ])('%s', async (_, at, figures) => {
      const lost = `hooks.beforeRun = (runs) => { if (runs === ${at}) throw new Error('Device is lost'); };`;
      const { providers } = await benchModel({
        dir: checkpoint,
        program: 'a test',
        ...{ provider: 'webgpu', weights: 'fp32', cacheDir: join(built.dir, 'models') },
        entry: await broken(`measured-${at}`, PROBED + lost),
        onProgress: () => {},
        signal: new AbortController().signal,
      });
      const why = expect.stringContaining('raphics card was given up (');
      expect(providers).toMatchObject([{ provider: 'webgpu', state: 'failed', why, figures }]);
      expect(providers[0]?.why).toContain('Device is lost');
      expect(engineProcesses()).toEqual([]);
      // One is closed after each test.
      await open('cpu');
    });
  });
});
