import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mulberry32 } from '../../../shared/mulberry32';
import { type AttentionVariant, type Computing, EngineError, type Provider } from '../../engine';
import type { RunnableModel } from '../imported-model';
import type { ModelSpec } from '../model-spec';
import { whatIsMissing } from '../runtime/missing-files';
import { TextModel } from '../runtime/text-model';
import { VisionModel } from '../runtime/vision-model';
import { ProductRunner, type Products } from './products';
import type { ProbeCheck, ProbeReport } from './report';
import { writeSmallModel } from './small-model';

/**
 * The stretches of a prompt that are run one after another; a single token after them, as in a reply; and others after going
 * back, into what is on the device by then, as in the next turn of a conversation that was edited.
 */
const STRETCHES = [
  { start: 0, length: 1 },
  { start: 1, length: 31 },
  { start: 32, length: 32 },
  { start: 64, length: 64 },
  { start: 128, length: 130 },
  { start: 258, length: 1 },
  { start: 100, length: 2 },
] as const;
const LONGEST = 259;
/**
 * Then three conversations that begin alike, up to these lengths, go on together by so many tokens: until what each has said
 * is on the device too, among what the others have.
 */
const TOGETHER = { lengths: [102, 102, 60], tokens: 24 } as const;
/** How far from the processor's a number may be, as a share of the largest: float32, and with activations in 8 bits. */
const TOLERANCE = { float32: 1e-3, quantised: 0.03 };

/** What is tried: a way to a graphics card. */
type Card = Exclude<Provider, 'cpu'>;

export interface ProbeOptions {
  readonly provider: Card;
  /** Whether to time the adapter too, and to leave it at that if the processor is faster. */
  readonly timed: boolean;
  /** Whether to go on after what is slow or wrong, so that all of it is known. */
  readonly thorough: boolean;
  /** Whether several conversations are to go on together: only decomposed attention can do that, and is tried alone. */
  readonly several: boolean;
}

/** Notes a comparison; says what is wrong if that ends the search, else null. */
type Compare = (what: string, off: number, most: number) => string | null;

/**
 * Finds out what the graphics card is good for: the very graphs that a model like `spec` runs, small and with random
 * weights, on it and on the processor. It throws only where the
 * processor cannot compute that model either; but a driver may end the process, so run it in one of its own.
 */
export async function probe(
  spec: ModelSpec,
  { provider, timed, thorough, several }: ProbeOptions,
): Promise<ProbeReport> {
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
    const missing = whatIsMissing(provider) ?? (await wrong(() => openSmallest(provider, dir)));
    if (missing !== null) return { ...none, missing };
    let milliseconds: ProbeReport['milliseconds'] = null;
    const failed = await wrong(async () => {
      if (timed) milliseconds = await time(provider, dir, spec.text.hidden);
      return null;
    });
    const found = { ...none, milliseconds };
    if (!thorough && (failed !== null || isSlow(milliseconds))) return { ...found, products: failed };
    const products = failed ?? (await search('', (compare) => compareProducts(provider, dir, compare)));
    if (products !== null && !thorough) return { ...found, products };
    const small = await writeSmallModel(spec, dir);
    const processor = { provider: 'cpu', attention: 'shared-cache' } as const;
    const expected = { ...(await speak(small, processor)), features: await see(small, processor) };
    const check = (attention: AttentionVariant) =>
      search(`${attention} `, (compare) => compareModels(small, { provider, attention }, expected, compare));
    const fused = several ? null : await check('fused');
    const decomposed = several || fused !== null ? await check('decomposed') : null;
    return { ...found, products, fused, decomposed };
  } finally {
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What a check finds, or how it failed: in the runtime's words, since no model of the user's is to blame. */
async function wrong(check: () => Promise<string | null>): Promise<string | null> {
  try {
    return await check();
  } catch (error) {
    const reason = error instanceof EngineError ? (error.cause ?? error) : error;
    return reason instanceof Error ? reason.message : String(reason);
  }
}

/** Opens a session of next to nothing. */
async function openSmallest(provider: Card, dir: string): Promise<null> {
  await (await ProductRunner.open({ bits: 8, width: 32, count: 1 }, provider, dir)).close();
  return null;
}

const isSlow = (milliseconds: ProbeReport['milliseconds']): boolean =>
  milliseconds !== null && milliseconds.card > milliseconds.cpu;

/** Opens products on the processor and the card, for some work with them. */
async function onBoth<T>(
  products: Products,
  provider: Card,
  dir: string,
  work: (cpu: ProductRunner, card: ProductRunner) => Promise<T>,
): Promise<T> {
  const cpu = await ProductRunner.open(products, 'cpu', dir);
  try {
    const card = await ProductRunner.open(products, provider, dir);
    try {
      return await work(cpu, card);
    } finally {
      await card.close();
    }
  } finally {
    await cpu.close();
  }
}

/**
 * Milliseconds for a stretch of a prompt and some single tokens, as wide as the model's (a small one gains nothing from a
 * card), the better of two; for a single token alone where the adapter is so much slower that it must be software, which
 * would take minutes for the rest.
 */
function time(provider: Card, dir: string, hidden: number): Promise<{ cpu: number; card: number }> {
  const products = { bits: 8, width: Math.min(2048, Math.ceil(hidden / 32) * 32), count: 8 } as const;
  return onBoth(products, provider, dir, async (cpu, card) => {
    const single = { cpu: await best(cpu, [1]), card: await best(card, [1]) };
    if (single.card > 100 && single.card > 10 * single.cpu) return single;
    const all = [64, ...Array<number>(8).fill(1)];
    return { cpu: await best(cpu, all), card: await best(card, all) };
  });
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

async function compareProducts(provider: Card, dir: string, compare: Compare): Promise<string | null> {
  for (const bits of [8, 4] as const) {
    const found = await onBoth({ bits, width: 512, count: 1 }, provider, dir, async (cpu, card) => {
      for (const rows of [1, 40]) {
        const off = difference(await card.run(rows), await cpu.run(rows));
        const what = `products of ${rows === 1 ? 'a row' : `${rows} rows`} with ${bits}-bit weights`;
        const wrongs = compare(what, off, TOLERANCE.quantised);
        if (wrongs !== null) return wrongs;
      }
      return null;
    });
    if (found !== null) return found;
  }
  return null;
}

/** The logits after each stretch, and after the last token of those that go on together; null where none can. */
interface Spoken {
  readonly logits: readonly Float32Array[];
  readonly together: readonly Float32Array[] | null;
}

/** What a model computes: that, and the features of a picture. */
interface Computed extends Spoken {
  readonly features: Float32Array;
}

type Place = Pick<Computing, 'provider' | 'attention'>;

async function compareModels(
  model: RunnableModel,
  place: Place,
  expected: Computed,
  compare: Compare,
): Promise<string | null> {
  const { logits, together } = await speak(model, place);
  for (const [i, { start, length }] of STRETCHES.entries()) {
    const tokens = length === 1 ? 'a token' : `${length} tokens`;
    const isBack = start < (STRETCHES[i - 1]?.start ?? 0);
    const what = `text attention of ${tokens} after ${isBack ? 'going back to ' : ''}${start}`;
    const wrongs = compare(what, difference(logits[i], expected.logits[i]), TOLERANCE.float32);
    if (wrongs !== null) return wrongs;
  }
  for (const [i, values] of together?.entries() ?? []) {
    const off = difference(values, expected.together?.[i]);
    const wrongs = compare(`text attention of conversation ${i + 1} of several`, off, TOLERANCE.float32);
    if (wrongs !== null) return wrongs;
  }
  return compare(
    'image attention',
    difference(await see(model, place), expected.features),
    TOLERANCE.float32,
  );
}

async function speak(model: RunnableModel, place: Place): Promise<Spoken> {
  const text = await TextModel.open(model, place, place.attention === 'fused' ? 1 : TOGETHER.lengths.length);
  try {
    const random = mulberry32(2);
    const { hidden } = model.spec.text;
    const embeds = (length: number) => Float32Array.from({ length: length * hidden }, () => 2 * random() - 1);
    const positions = (slot: number, start: number, end: number) => {
      for (let t = start; t < end; t++) text.cache.place(slot, t, [t, t + 1, t + 2]);
    };
    const all: Float32Array[] = [];
    text.cache.reserve(LONGEST, []);
    for (const { start, length } of STRETCHES) {
      positions(0, start, start + length);
      const [logits = new Float32Array()] = await text.forward(embeds(length), [0], [start]);
      all.push(logits.slice());
    }
    if (text.cache.together === 'one') return { logits: all, together: null };
    const slots = TOGETHER.lengths.map((_, slot) => slot);
    for (const [slot, length] of TOGETHER.lengths.entries())
      if (slot > 0) text.cache.copy(0, slot, 0, length);
    let together: Float32Array[] = [];
    for (let k = 0; k < TOGETHER.tokens; k++) {
      const starts = TOGETHER.lengths.map((length) => length + k);
      for (const [slot, start] of starts.entries()) positions(slot, start, start + 1);
      together = await text.forward(embeds(slots.length), slots, starts);
    }
    return { logits: all, together: together.map((logits) => logits.slice()) };
  } finally {
    await text.close();
  }
}

/** The features of a picture whose windows are not all full. */
async function see(model: RunnableModel, { provider, attention }: Place): Promise<Float32Array> {
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
