/**
 * What the cache in this process's memory costs: a token of a model of 200 million parameters at a long context against one at a
 * short one, on the processor. Usage: see scripts/bench-context.mjs.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { WEIGHT_FORMATS } from '../../src/engine/engine';
import { openCheckpoint } from '../../src/engine/onnx/checkpoint';
import { importCheckpoint } from '../../src/engine/onnx/import';
import { SharedCache } from '../../src/engine/onnx/runtime/shared-cache';
import { TextModel } from '../../src/engine/onnx/runtime/text-model';
import { Bars, noteLoad } from './bars';
import {
  compareLengths,
  fillCache,
  LONG,
  ROUNDS,
  SHORT,
  Speaker,
  sharedAttention,
  TOKENS,
} from './long-context';
import { writeRandomCheckpoint } from './random-checkpoint';

const ROOM = LONG + 4 * TOKENS;

const [folder = '', ...wanted] = process.argv.slice(2);
const bars = new Bars();
const checkpoint = join(folder, 'random-200m');
if (!existsSync(checkpoint)) await writeRandomCheckpoint(checkpoint);
noteLoad();
for (const weights of WEIGHT_FORMATS) {
  if (!(wanted.length > 0 ? wanted : ['fp32', 'int8']).includes(weights)) continue;
  const cacheDir = join(folder, 'models');
  const model = await importCheckpoint(await openCheckpoint(checkpoint), { weights, cacheDir });
  const text = { ...model.spec.text, maxPositions: 16384 };
  const opened = await TextModel.open(
    { ...model, spec: { ...model.spec, text } },
    { provider: 'cpu', attention: 'shared-cache' },
    2,
  );
  const { cache } = opened;
  if (!(cache instanceof SharedCache)) throw new TypeError('the processor has a shared cache');
  cache.reserve(ROOM, [0, 0]);
  fillCache(cache, 0, 2);
  const speaker = new Speaker(opened, text.hidden);
  const spoken = { short: [] as number[], long: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    spoken.short.push(await speaker.speak(0, SHORT));
    spoken.long.push(await speaker.speak(1, LONG));
  }
  const alone = await sharedAttention(text, ROOM);
  await compareLengths(weights, spoken, alone, bars);
  await alone.close();
  await opened.close();
}
noteLoad();
if (bars.missed.length > 0) process.exitCode = 1;
