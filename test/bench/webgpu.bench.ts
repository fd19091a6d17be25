/**
 * What the cache on WebGPU costs, on whatever adapter there is: a token at a long context against one at a short one, and
 * going back and branching against reading the prompt again. Usage: see scripts/bench-webgpu.mjs.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCheckpoint } from '../../src/engine/onnx/checkpoint';
import type { SplitAttention } from '../../src/engine/onnx/graph/cache-graph';
import type { TextSpec } from '../../src/engine/onnx/model-spec';
import { writeSmallModel } from '../../src/engine/onnx/probe/small-model';
import { TextModel } from '../../src/engine/onnx/runtime/text-model';
import { Bars, note, noteLoad } from './bars';
import { compareLengths, LONG, ROUNDS, SHORT, Speaker, splitAttention, TOKENS } from './long-context';

const ROOM = LONG + 16 * TOKENS;

/** Heads as wide as those of real models, but few: SwiftShader would take minutes with more. */
const FEW_HEADS = { heads: 2, kvHeads: 2, headDim: 64, mropeSection: [8, 12, 12] } as const;

async function measure(
  checkpoint: string,
  shape: Partial<TextSpec>,
  attention: SplitAttention,
  bars: Bars,
): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'vilasr-bench-'));
  try {
    const { spec } = await openCheckpoint(checkpoint);
    const model = await writeSmallModel(
      { ...spec, text: { ...spec.text, ...shape, maxPositions: 16384 } },
      dir,
    );
    const { text } = model.spec;
    const slots = attention === 'fused' ? 1 : 2;
    const open = async () => {
      const opened = await TextModel.open(model, { provider: 'webgpu', attention }, slots);
      opened.cache.reserve(ROOM, Array(slots).fill(0));
      return new Speaker(opened, text.hidden);
    };
    // Slots of one cache share what is on the device, and what is long would make the other long.
    const [short, long] = [await open(), await open()];
    console.log(
      `${attention} attention, ${text.layers} layers, ${text.heads} heads (${text.kvHeads} of keys) of ${text.headDim}`,
    );
    await short.read(0, 0, SHORT);
    // Makes the programs of the card.
    await short.speak(0, SHORT);
    const whole = await long.read(0, 0, LONG);
    note(`reading ${LONG} tokens`, whole, ' ms');
    const spoken = { short: [] as number[], long: [] as number[] };
    for (let round = 0; round < ROUNDS; round++) {
      spoken.short.push(await short.speak(0, SHORT));
      spoken.long.push(await long.speak(0, LONG));
    }
    await short.model.close();
    const alone = await splitAttention(text);
    await compareLengths(attention, spoken, alone, bars);
    await alone.close();
    // The last token of what is kept is run again, as a conversation does it.
    const back = await long.read(0, LONG / 2 - 1, LONG / 2);
    bars.most(
      `${attention}: first token after going back half, of reading half`,
      (200 * back) / whole,
      5,
      ' %',
    );
    if (slots > 1) {
      await long.read(0, LONG / 2, LONG);
      const began = performance.now();
      long.model.cache.copy(0, 1, 0, LONG - 1);
      await long.read(1, LONG - 1, LONG);
      bars.most(
        `${attention}: first token of a second candidate, of reading the prompt`,
        (100 * (performance.now() - began)) / whole,
        5,
        ' %',
      );
    }
    await long.model.close();
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

const [heads = 'few', checkpoint = '', ...variants] = process.argv.slice(2);
const bars = new Bars();
noteLoad();
for (const attention of ['decomposed', 'fused'] as const) {
  if (variants.length > 0 && !variants.includes(attention)) continue;
  await measure(checkpoint, heads === 'few' ? FEW_HEADS : {}, attention, bars);
}
if (bars.missed.length > 0) process.exitCode = 1;
