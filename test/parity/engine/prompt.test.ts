import { afterAll, expect, test } from 'vitest';
import { pixelRows } from '../../../src/engine/onnx/pixel-rows';
import { mropePositions } from '../../../src/engine/onnx/rotary';
import { cases, conversation, distance, Models, reference } from './golden';

const models = new Models();
afterAll(() => models.close());

test.each(cases)('%s, %s: the input ids are those of transformers', async (checkpoint, name, golden) => {
  const model = await models.get(checkpoint);
  expect(model.encode(conversation(name).messages).ids).toEqual(golden.ids);
});

test.each(cases)(
  '%s, %s: the M-RoPE positions are those of get_rope_index',
  async (checkpoint, name, golden) => {
    const model = await models.get(checkpoint);
    const { ids, images } = model.encode(conversation(name).messages);
    expect([...mropePositions(ids.length, images)]).toEqual(golden.positions.flat());
  },
);

test.each(cases)(
  '%s, %s: the pixel rows are within 1e-5 of pixel_values',
  async (checkpoint, name, golden) => {
    const { vision, images: processor } = (await models.get(checkpoint)).spec;
    const rows = conversation(name).images.flatMap((image) => [...pixelRows(image, vision, processor)]);
    const sampled = rows.filter((_, i) => i % reference.stride === 0);
    expect(distance(sampled, golden.pixels)).toBeLessThan(1e-5);
  },
);
