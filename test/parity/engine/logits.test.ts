import { afterAll, describe, expect, test } from 'vitest';
import type { ChatMessage } from '../../../src/engine/onnx/prompt/chat';
import { argmax, cases, clearTokens, conversation, decode, distance, Models, ready } from './golden';

const models = new Models();
afterAll(() => models.close());
const never = new AbortController().signal;

describe('fp32', () => {
  test.each(cases)(
    '%s, %s: logits are within 1e-3 of PyTorch, greedy tokens are the same',
    async (checkpoint, name, golden) => {
      const { messages, images } = conversation(name);
      const logits = await decode(ready(await models.get(checkpoint), images), messages, golden);
      expect(distance(logits[0] ?? [], golden.logits)).toBeLessThan(1e-3);
      for (const [k, later] of Object.entries(golden.later)) {
        expect(distance(logits[Number(k)] ?? [], later)).toBeLessThan(1e-3);
      }
      const clear = clearTokens(golden);
      expect(clear.map(({ k }) => ({ k, token: argmax(logits[k] ?? []) }))).toEqual(clear);
      // The rule would say nothing if every step were a tie.
      expect(clear.length).toBeGreaterThan(32);
    },
  );

  const turns = cases.filter(([, name]) => name === 'several turns');

  test.each(turns)('%s: turn by turn on the cache equals one full pass', async (checkpoint, name, golden) => {
    const { messages, images } = conversation(name);
    const model = ready(await models.fresh(checkpoint), images);
    let last: Float32Array = new Float32Array();
    for (const end of [2, 4, 6])
      last = (await model.logits(model.encode(messages.slice(0, end)), never)).slice();
    const whole = await ready(await models.fresh(checkpoint), images).logits(model.encode(messages), never);
    expect(distance(last, whole)).toBeLessThan(1e-4);
    expect(distance(last, golden.logits)).toBeLessThan(1e-3);
  });

  test.each(turns)(
    '%s: going back to an earlier turn and on again changes nothing',
    async (checkpoint, name, golden) => {
      const { messages, images } = conversation(name);
      const model = ready(await models.fresh(checkpoint), images);
      const first = model.encode(messages.slice(0, 2));
      const before = (await model.logits(first, never)).slice();
      const other: ChatMessage[] = [
        ...messages.slice(0, 2),
        { role: 'assistant', text: 'Something else entirely.' },
      ];
      await model.logits(
        model.encode([...other, { role: 'user', parts: [{ type: 'text', text: 'And?' }] }]),
        never,
      );
      expect(distance(await model.logits(model.encode(messages), never), golden.logits)).toBeLessThan(1e-3);
      expect(distance(await model.logits(first, never), before)).toBeLessThan(1e-4);
    },
  );
});

describe('fp16', () => {
  test.each(cases)(
    '%s, %s: logits are within 1e-3 of PyTorch with weights rounded to float16',
    async (checkpoint, name, golden) => {
      const { messages, images } = conversation(name);
      const model = ready(await models.get(checkpoint, 'fp16'), images);
      expect(distance(await model.logits(model.encode(messages), never), golden.fp16)).toBeLessThan(1e-3);
    },
  );
});

describe.each(['int8', 'int4'] as const)('%s', (weights) => {
  test.each(cases)(
    '%s, %s: no further from PyTorch with the same quantisation than that is from fp32',
    async (checkpoint, name, golden) => {
      const { messages, images } = conversation(name);
      const model = ready(await models.get(checkpoint, weights), images);
      const logits = await model.logits(model.encode(messages), never);
      expect(distance(logits, golden[weights])).toBeLessThan(distance(golden[weights], golden.logits));
    },
  );

  test('in most cases it is within 1e-3: a larger step is one activation that rounds the other way', async () => {
    const distances: number[] = [];
    for (const [checkpoint, name, golden] of cases) {
      const { messages, images } = conversation(name);
      const model = ready(await models.get(checkpoint, weights), images);
      distances.push(distance(await model.logits(model.encode(messages), never), golden[weights]));
    }
    distances.sort((a, b) => a - b);
    expect(distances[Math.floor(distances.length / 2)]).toBeLessThan(1e-3);
  });
});

test('int4 is another model than int8 where a layer is neither the first nor the last', () => {
  const other = cases.filter(([, , golden]) => distance(golden.int4, golden.int8) > 0);
  expect(new Set(other.map(([checkpoint]) => checkpoint))).toEqual(new Set(['gqa3-sharded-bf16']));
});
