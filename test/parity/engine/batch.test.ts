import { afterAll, describe, expect, test } from 'vitest';
import { WEIGHT_FORMATS } from '../../../src/engine/engine';
import type { Prompt } from '../../../src/engine/onnx/prompt/prompt';
import type { Seat } from '../../../src/engine/onnx/runtime/conversations';
import type { LocalModel } from '../../../src/engine/onnx/runtime/local-model';
import { argmax, conversation, distance, hashOf, Models, reference } from './golden';

/** Several conversations at once against one at a time, on every checkpoint. */
const models = new Models();
afterAll(() => models.close());
const never = new AbortController().signal;
const STEPS = 12;
const names = Object.keys(reference.conversations);

/** All golden conversations as this model reads them: of different lengths, with no images, one, several. */
function prompts(model: LocalModel): Prompt[] {
  return names.map((name) => {
    const { messages, images } = conversation(name);
    for (const image of images) model.images.add(hashOf(image), image);
    return model.encode(messages);
  });
}

async function start(model: LocalModel, prompt: Prompt): Promise<{ seat: Seat; logits: Float32Array }> {
  const seat = await model.take(prompt, never);
  const steps = seat.prefill();
  for (;;) {
    const step = await steps.next();
    if (step.done) return { seat, logits: step.value.slice() };
  }
}

/** Logits after the prompt and after each greedy token. */
async function goOn({ seat, logits }: Awaited<ReturnType<typeof start>>): Promise<Float32Array[]> {
  const all = [logits];
  for (let step = 0; step < STEPS; step++) {
    all.push((await seat.advance(argmax(all.at(-1) ?? []))).slice());
  }
  seat.leave();
  return all;
}

describe.each(Object.keys(reference.checkpoints))('%s', (checkpoint) => {
  test.each(WEIGHT_FORMATS)('%s: logits together are within 1e-4 of those alone', async (weights) => {
    const one = await models.fresh(checkpoint, weights);
    const alone: Float32Array[][] = [];
    for (const prompt of prompts(one)) alone.push(await goOn(await start(one, prompt)));

    const many = await models.fresh(checkpoint, weights, names.length);
    const seats: Awaited<ReturnType<typeof start>>[] = [];
    for (const prompt of prompts(many)) seats.push(await start(many, prompt));
    const together = await Promise.all(seats.map(goOn));

    const worst = together.map((steps, i) => steps.map((logits, k) => distance(logits, alone[i]?.[k] ?? [])));
    expect(Math.max(...worst.flat())).toBeLessThan(1e-4);
    expect(new Set(together.map((steps) => argmax(steps.at(-1) ?? []))).size).toBeGreaterThan(1);
    await one.close();
    await many.close();
  });
});
