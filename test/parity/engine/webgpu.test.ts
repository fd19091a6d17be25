import * as ort from 'onnxruntime-node';
import { afterAll, describe, expect, test, vi } from 'vitest';
import type { Computing } from '../../../src/engine/engine';
import { GraphBuilder } from '../../../src/engine/onnx/graph/graph-builder';
import type { VisionSpec } from '../../../src/engine/onnx/model-spec';
import type { ChatMessage } from '../../../src/engine/onnx/prompt/chat';
import type { LocalModel } from '../../../src/engine/onnx/runtime/local-model';
import { floats, openSession, run } from '../../../src/engine/onnx/runtime/session';
import { SplitCache } from '../../../src/engine/onnx/runtime/split-cache';
import { VisionModel } from '../../../src/engine/onnx/runtime/vision-model';
import { describeOnWebgpu } from '../../helpers/software-vulkan';
import { argmax, cases, clearTokens, conversation, decode, distance, Models, picture, ready } from './golden';

/** Greedy tokens that are followed: a token takes long where the processor plays the graphics card. */
const STEPS = 40;
const never = new AbortController().signal;

/**
 * On this software adapter fused attention is right for up to 31 tokens at once, and wrong from 32 on; so is that of images,
 * which are read at once.
 */
const variants = [
  { attention: 'decomposed', chunk: 256 },
  { attention: 'fused', chunk: 31 },
] as const satisfies readonly { attention: Computing['attention']; chunk: number }[];

describeOnWebgpu('on WebGPU', () => {
  describe.each(variants)('$attention', ({ attention, chunk }) => {
    const models = new Models({ provider: 'webgpu', attention, why: 'a test' }, chunk);
    afterAll(() => models.close());

    const own = cases.filter(([, name]) => attention === 'decomposed' || name === 'no image');
    test.each(own)(
      'fp32, %s, %s: logits are within 1e-3 of PyTorch, greedy tokens are the same',
      async (checkpoint, name, golden) => {
        const { messages, images } = conversation(name);
        const model = ready(await models.get(checkpoint), images);
        const logits = await decode(model, messages, golden, STEPS);
        expect(distance(logits[0] ?? [], golden.logits)).toBeLessThan(1e-3);
        for (const [k, later] of Object.entries(golden.later)) {
          if (Number(k) <= STEPS) expect(distance(logits[Number(k)] ?? [], later)).toBeLessThan(1e-3);
        }
        const clear = clearTokens(golden).filter(({ k }) => k < STEPS);
        expect(clear.map(({ k }) => ({ k, token: argmax(logits[k] ?? []) }))).toEqual(clear);
        expect(clear.length).toBeGreaterThan(STEPS / 2);
      },
    );

    // The activations keep all their digits where the adapter has no 8-bit products, which the golden values do not.
    test.each(own.flatMap((one) => (['int8', 'int4'] as const).map((weights) => [weights, ...one] as const)))(
      '%s, %s, %s: at most twice as far from fp32 as PyTorch with the same quantisation',
      async (weights, checkpoint, name, golden) => {
        const { messages, images } = conversation(name);
        const model = ready(await models.get(checkpoint, weights), images);
        const logits = await model.logits(model.encode(messages), never);
        expect(distance(logits, golden.logits)).toBeLessThan(2 * distance(golden[weights], golden.logits));
      },
    );

    const longest = attention === 'decomposed' ? 'several turns' : 'no image';
    const turns = cases.filter(([, name]) => name === longest).slice(0, 3);

    test.each(turns)(
      '%s, %s: going back and on again, at every length, is as if it had been read at once',
      async (checkpoint, name, golden) => {
        const { messages, images } = conversation(name);
        const model = ready(await models.fresh(checkpoint), images);
        const whole = ready(await cpu.fresh(checkpoint), images);
        const prompt = model.encode(messages);
        prompt.ids.push(...golden.tokens);
        const to = async (speaker: LocalModel, length: number, last: number) => {
          const ids = [...prompt.ids.slice(0, length - 1), last];
          const within = prompt.images.filter(({ start }) => start < length);
          return (await speaker.logits({ ids, images: within }, never)).slice();
        };
        // Behind the last image: back into what lies on the device, to where a block ends, and by a token alone.
        const first = Math.max(0, ...prompt.images.map((span) => span.start + span.rows * span.columns)) + 2;
        const { length } = prompt.ids;
        // And to the very beginning, with another first token.
        const lengths = [
          length,
          first,
          length,
          1,
          length,
          length - 1,
          first + 1,
          length - 3,
          first + 64,
          length,
        ];
        for (const [i, end] of lengths.entries()) {
          const last = prompt.ids[i % 2] ?? 0;
          expect(
            distance(
              await to(model, Math.min(end, length), last),
              await to(whole, Math.min(end, length), last),
            ),
          ).toBeLessThan(1e-3);
        }
        await model.close();
        await whole.close();
      },
    );
  });

  describe('several conversations at once', () => {
    const models = new Models({ provider: 'webgpu', attention: 'decomposed', why: 'a test' });
    afterAll(() => models.close());
    const severalTurns = cases.filter(([, name]) => name === 'several turns');

    test('candidates of a prompt share it, and each goes on by itself', async () => {
      const [checkpoint = '', name = ''] = severalTurns[0] ?? [];
      const { messages, images } = conversation(name);
      const count = 3;
      const model = ready(await models.fresh(checkpoint, 'fp32', count), images);
      const alone = ready(await cpu.fresh(checkpoint), images);
      const prompt = model.encode(messages);
      const seats = [];
      for (let i = 0; i < count; i++) {
        const seat = await model.take(prompt, never);
        const steps = seat.prefill();
        const events = [];
        let step = await steps.next();
        for (; !step.done; step = await steps.next()) events.push(step.value);
        seats.push(seat);
        // Only the last token is run again: nobody kept its logits.
        if (i > 0) expect(events[0]?.reused).toBe(prompt.ids.length - 1);
      }
      // Over the end of a block, each with tokens of its own.
      const said = (i: number, k: number) => prompt.ids[(7 * i + k) % prompt.ids.length] ?? 0;
      const last: Float32Array[] = [];
      const runs = vi.spyOn(SplitCache.prototype, 'run');
      for (let k = 0; k < 70; k++) {
        const logits = await Promise.all(seats.map((seat, i) => seat.advance(said(i, k))));
        for (const [i, own] of logits.entries()) last[i] = own.slice();
      }
      // A token of each in one run.
      expect(runs.mock.calls.map(([, , slots]) => slots.length)).toEqual(Array(70).fill(count));
      runs.mockRestore();
      for (const [i, own] of last.entries()) {
        const ids = [...prompt.ids, ...Array.from({ length: 70 }, (_, k) => said(i, k))];
        expect(distance(own, await alone.logits({ ids, images: prompt.images }, never))).toBeLessThan(1e-3);
      }
      for (const seat of seats) seat.leave();
      await model.close();
      await alone.close();
    });

    test('candidates of a prompt read anew what an older, longer conversation had behind their common beginning', async () => {
      const [checkpoint = '', name = '', golden] = severalTurns[0] ?? [];
      const { messages, images } = conversation(name);
      const model = ready(await models.fresh(checkpoint, 'fp32', 2), images);
      const alone = ready(await cpu.fresh(checkpoint), images);
      const { ids, images: all } = model.encode(messages);
      const older = { ids: [...ids, ...(golden?.tokens ?? [])], images: all };
      const common = Math.max(0, ...all.map((span) => span.start + span.rows * span.columns)) + 2;
      const next = { ids: [...ids.slice(0, common), ...ids.slice(0, 20).reverse()], images: all };
      for (const prompt of [older, next]) {
        const expected = (await alone.logits(prompt, never)).slice();
        const seats = [];
        for (let i = 0; i < 2; i++) {
          const seat = await model.take(prompt, never);
          seats.push(seat);
          const steps = seat.prefill();
          let step = await steps.next();
          while (!step.done) step = await steps.next();
          expect(distance(step.value, expected)).toBeLessThan(1e-3);
        }
        for (const seat of seats) seat.leave();
      }
      await model.close();
      await alone.close();
    });
  });

  const cpu = new Models();
  afterAll(() => cpu.close());

  // The real bound is passed by images of megapixels, which take minutes here: so much less of it.
  test.each<[string, number, (vision: VisionSpec, patches: number) => number]>([
    ['scores are', 252, ({ heads }, patches) => heads * patches ** 2],
    ['MLPs are', 140, ({ intermediate }, patches) => 2 * intermediate * patches],
  ])(
    'an image whose %s more than may be there at once is what it is on the processor',
    async (_, width, bytes) => {
      const model = await cpu.imported(cases[0]?.[0] ?? '', 'fp32');
      const image = picture(width, 168, 1);
      const most = bytes(model.spec.vision, (width * 168) / model.spec.vision.patch ** 2);
      const onCard = new VisionModel(model, 'webgpu', 'decomposed', 0, most);
      const onProcessor = new VisionModel(model, 'cpu', 'shared-cache');
      expect(distance(await onCard.encode(image), await onProcessor.encode(image))).toBeLessThan(1e-3);
      await onCard.close();
      await onProcessor.close();
    },
  );

  test('a buffer that the card cannot have is a failure, and no wrong number', async () => {
    const graph = new GraphBuilder();
    const [column, row] = [
      graph.input('column', 'float32', ['n', 1]),
      graph.input('row', 'float32', [1, 'm']),
    ];
    const large = graph.node('Add', [column, row]);
    const small = graph.node('ReduceMax', [large, graph.constant([1])], { outputs: ['most'] });
    graph.output(small, 'float32', ['n', 1]);
    const session = await openSession(graph.finish('large'), {
      dir: '',
      provider: 'webgpu',
      use: 'occasional',
    });
    const most = async (rows: number) => {
      const numbers = (count: number, shape: number[]) =>
        new ort.Tensor('float32', new Float32Array(count).fill(1), shape);
      const feeds = { column: numbers(rows, [rows, 1]), row: numbers(1024, [1, 1024]) };
      return floats(await run(session, feeds, { most: null }), 'most');
    };
    expect(await most(2)).toEqual(Float32Array.of(2, 2));
    // This adapter has buffers of up to a gibibyte.
    await expect(most(2 ** 19)).rejects.toThrow('WebGPU validation failed');
    await session.release();
  });

  test('the fused attention of this adapter is wrong from 32 tokens on, which is why there is a probe', async () => {
    const models = new Models({ provider: 'webgpu', attention: 'fused', why: 'a test' }, 32);
    const [checkpoint, , golden] = cases.find(([, name]) => name === 'no image') ?? [];
    const messages: ChatMessage[] = conversation('no image').messages;
    const model = await models.get(checkpoint ?? '');
    const off = distance(await model.logits(model.encode(messages), never), golden?.logits ?? []);
    expect(off).toBeGreaterThan(1e-2);
    await models.close();
  });
});
