import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mulberry32 } from '../../../shared/mulberry32';
import type { AttentionVariant, Provider } from '../../engine';
import type { RunnableModel } from '../imported-model';
import type { ModelSpec } from '../model-spec';
import { TextModel } from '../runtime/text-model';
import { VisionModel } from '../runtime/vision-model';
import { ProductRunner } from './products';
import type { ProbeCheck, ProbeReport } from './report';
import { writeSmallModel } from './small-model';

/** Lengths of the stretches of a prompt that are run one after another; a single token after them, as in a reply. */
const LENGTHS = [1, 31, 32, 64, 130, 1];
/** How far from the processor's a number may be, as a share of the largest: float32, and with activations in 8 bits. */
const TOLERANCE = { float32: 1e-3, quantised: 0.03 };

export interface ProbeOptions {
  /** Whether to time the adapter too, and to leave it at that if the processor is faster. */
  readonly timed: boolean;
  /** Whether to go on after what is slow or wrong, so that all of it is known. */
  readonly thorough: boolean;
}

/** Notes a comparison; says what is wrong if that ends the search, else null. */
type Compare = (what: string, off: number, most: number) => string | null;

/**
 * Finds out what the graphics card is good for: the very graphs that a model like `spec` runs, small and with random
 * weights, on it and on the processor. It never throws; but a driver may end the process, so run it in one of its own.
 */
export async function probe(spec: ModelSpec, { timed, thorough }: ProbeOptions): Promise<ProbeReport> {
  const checks: ProbeCheck[] = [];
  const none: ProbeReport = {
    missing: null,
    milliseconds: null,
    products: null,
    fused: null,
    decomposed: null,
    checks,
  };
  /** What a search finds first, or how it failed. */
  const search = async (
    prefix: string,
    run: (compare: Compare) => Promise<string | null>,
  ): Promise<string | null> => {
    let first: string | null = null;
    const failed = await wrong(() =>
      run((what, off, most) => {
        checks.push({ what: `${prefix}${what}`, off: Number.isFinite(off) ? off : null, most });
        if (off <= most) return null;
        first ??= `${what}: off by ${percent(off)}`;
        return thorough ? null : first;
      }),
    );
    return first ?? failed;
  };
  const dir = await mkdtemp(join(tmpdir(), 'vilasr-probe-'));
  try {
    const missing = await wrong(async () => {
      await (await ProductRunner.open({ bits: 8, width: 32, count: 1 }, 'webgpu', dir)).close();
      return null;
    });
    if (missing !== null) return { ...none, missing };
    const milliseconds = timed ? await time(dir, spec.text.hidden) : null;
    const isSlow = milliseconds !== null && milliseconds.webgpu > milliseconds.cpu;
    if (isSlow && !thorough) return { ...none, milliseconds };
    const products = await search('', (compare) => compareProducts(dir, compare));
    if (products !== null && !thorough) return { ...none, milliseconds, products };
    const model = await writeSmallModel(spec, dir);
    const check = (attention: AttentionVariant) =>
      search(`${attention} `, (compare) => compareModels(model, attention, compare));
    const fused = await check('fused');
    const decomposed = fused === null ? null : await check('decomposed');
    return { ...none, milliseconds, products, fused, decomposed };
  } finally {
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What a check finds, or how it failed. */
async function wrong(check: () => Promise<string | null>): Promise<string | null> {
  try {
    return await check();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Milliseconds for a stretch of a prompt and some single tokens, as wide as the model's (a small one gains nothing from a
 * card), the better of two; for a single token alone where the adapter is so much slower that it must be software, which
 * would take minutes for the rest.
 */
async function time(dir: string, hidden: number): Promise<{ cpu: number; webgpu: number }> {
  const products = { bits: 8, width: Math.min(2048, Math.ceil(hidden / 32) * 32), count: 8 } as const;
  const cpu = await ProductRunner.open(products, 'cpu', dir);
  const webgpu = await ProductRunner.open(products, 'webgpu', dir);
  try {
    const single = { cpu: await best(cpu, [1]), webgpu: await best(webgpu, [1]) };
    if (single.webgpu > 100 && single.webgpu > 10 * single.cpu) return single;
    const all = [64, ...Array<number>(8).fill(1)];
    return { cpu: await best(cpu, all), webgpu: await best(webgpu, all) };
  } finally {
    await cpu.close();
    await webgpu.close();
  }
}

/** The first round makes the programs of the graphics card, and does not count. */
async function best(runner: ProductRunner, lengths: readonly number[]): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    for (const rows of lengths) await runner.run(rows);
    times.push(performance.now() - start);
  }
  return Math.min(...times.slice(1));
}

async function compareProducts(dir: string, compare: Compare): Promise<string | null> {
  for (const bits of [8, 4] as const) {
    const products = { bits, width: 512, count: 1 };
    const [cpu, webgpu] = [
      await ProductRunner.open(products, 'cpu', dir),
      await ProductRunner.open(products, 'webgpu', dir),
    ];
    try {
      for (const rows of [1, 40]) {
        const off = difference(await webgpu.run(rows), await cpu.run(rows));
        const what = `products of ${rows === 1 ? 'a row' : `${rows} rows`} with ${bits}-bit weights`;
        const found = compare(what, off, TOLERANCE.quantised);
        if (found !== null) return found;
      }
    } finally {
      await cpu.close();
      await webgpu.close();
    }
  }
  return null;
}

async function compareModels(
  model: RunnableModel,
  attention: AttentionVariant,
  compare: Compare,
): Promise<string | null> {
  const expected = await speak(model, 'cpu', 'shared-cache');
  const found = await speak(model, 'webgpu', attention);
  let past = 0;
  for (const [i, length] of LENGTHS.entries()) {
    const tokens = length === 1 ? 'a token' : `${length} tokens`;
    const what = `text attention of ${tokens} after ${past}`;
    const wrongs = compare(what, difference(found[i], expected[i]), TOLERANCE.float32);
    if (wrongs !== null) return wrongs;
    past += length;
  }
  const off = difference(await see(model, 'webgpu', attention), await see(model, 'cpu', 'shared-cache'));
  return compare('image attention', off, TOLERANCE.float32);
}

/** The logits after each stretch. */
async function speak(
  model: RunnableModel,
  provider: Provider,
  attention: AttentionVariant,
): Promise<Float32Array[]> {
  const text = await TextModel.open(model, { provider, attention }, 1);
  try {
    const random = mulberry32(2);
    const { hidden } = model.spec.text;
    const all: Float32Array[] = [];
    text.cache.reserve(
      LENGTHS.reduce((sum, length) => sum + length, 0),
      [0],
    );
    let start = 0;
    for (const length of LENGTHS) {
      const embeds = Float32Array.from({ length: length * hidden }, () => 2 * random() - 1);
      for (let t = start; t < start + length; t++) text.cache.place(0, t, [t, t + 1, t + 2]);
      const [logits = new Float32Array()] = await text.forward(embeds, 0, [start]);
      all.push(logits.slice());
      start += length;
    }
    return all;
  } finally {
    await text.close();
  }
}

/** The features of a picture whose windows are not all full. */
async function see(
  model: RunnableModel,
  provider: Provider,
  attention: AttentionVariant,
): Promise<Float32Array> {
  const vision = new VisionModel(model, provider, attention);
  try {
    const { patch, merge } = model.spec.vision;
    const [width, height] = [9 * patch * merge, 6 * patch * merge];
    const random = mulberry32(3);
    const data = Uint8Array.from({ length: width * height * 3 }, () => random() * 256);
    return await vision.encode({ width, height, data });
  } finally {
    await vision.close();
  }
}

/** The largest difference as a share of the largest number; NaN or infinite where there is something that is no number. */
export function difference(found: Float32Array = new Float32Array(), expected: Float32Array = found): number {
  if (found.length !== expected.length || found.length === 0) return Number.POSITIVE_INFINITY;
  let [worst, largest] = [0, 0];
  for (let i = 0; i < found.length; i++) {
    const off = Math.abs((found[i] ?? 0) - (expected[i] ?? 0));
    if (Number.isNaN(off)) return Number.NaN;
    worst = Math.max(worst, off);
    largest = Math.max(largest, Math.abs(expected[i] ?? 0));
  }
  return worst / largest;
}

const percent = (share: number): string => `${(share * 100).toPrecision(2)} %`;
