import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import type { Computing, WeightFormat } from '../../../src/engine/engine';
import { openCheckpoint } from '../../../src/engine/onnx/checkpoint';
import { onCpu } from '../../../src/engine/onnx/computing';
import { importCheckpoint } from '../../../src/engine/onnx/import';
import type { ImportedModel } from '../../../src/engine/onnx/imported-model';
import type { ChatMessage } from '../../../src/engine/onnx/prompt/chat';
import { LocalModel } from '../../../src/engine/onnx/runtime/local-model';
import type { RgbImage } from '../../../src/trace/geometry';

const golden = join(__dirname, '..', 'golden');
const floats = v.pipe(
  v.string(),
  v.transform((text) => {
    const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
    return new Float32Array(bytes.buffer);
  }),
);
const size = v.tuple([v.number(), v.number()]);
const record = v.object({
  ids: v.array(v.number()),
  positions: v.array(v.array(v.number())),
  pixels: floats,
  logits: floats,
  tokens: v.array(v.number()),
  gaps: v.array(v.number()),
  later: v.record(v.string(), floats),
  fp16: floats,
  int8: floats,
  int4: floats,
});
const file = v.object({
  stride: v.number(),
  conversations: v.record(
    v.string(),
    v.array(
      v.tuple([
        v.picklist(['system', 'user', 'assistant']),
        v.union([v.string(), v.array(v.union([v.string(), size]))]),
      ]),
    ),
  ),
  checkpoints: v.record(v.string(), v.record(v.string(), record)),
});

/** What make_engine_golden.py wrote. */
export const reference = v.parse(
  file,
  JSON.parse(gunzipSync(readFileSync(join(golden, 'engine.json.gz'))).toString()),
);
export type Reference = v.InferOutput<typeof record>;

/** Every checkpoint with every conversation: `[checkpoint, conversation, golden values]`. */
export const cases = Object.entries(reference.checkpoints).flatMap(([checkpoint, conversations]) =>
  Object.entries(conversations).map(([conversation, values]) => [checkpoint, conversation, values] as const),
);

/** The picture that the script makes: `(31 i² + 7 i + 101 seed) >> 3` of 8 bits, i counting values. */
export function picture(width: number, height: number, seed: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) data[i] = Math.floor((i * i * 31 + i * 7 + seed * 101) / 8) & 255;
  return { width, height, data };
}

export function hashOf(image: RgbImage): string {
  return createHash('sha256').update(`${image.width}x${image.height}:`).update(image.data).digest('hex');
}

/** A golden conversation as messages, with its pictures. */
export function conversation(name: string): { messages: ChatMessage[]; images: RgbImage[] } {
  const images: RgbImage[] = [];
  const messages = (reference.conversations[name] ?? []).map(([role, content]): ChatMessage => {
    if (role === 'user') {
      const parts = typeof content === 'string' ? [content] : content;
      return {
        role,
        parts: parts.map((part) => {
          if (typeof part === 'string') return { type: 'text', text: part };
          const image = picture(part[0], part[1], images.length);
          images.push(image);
          return { type: 'image', image: { hash: hashOf(image), width: image.width, height: image.height } };
        }),
      };
    }
    return { role, text: String(content) };
  });
  return { messages, images };
}

/** Opens random checkpoints in this process, imported to a folder that `close` removes. */
export class Models {
  private readonly open = new Map<string, Promise<LocalModel>>();
  private readonly cacheDir = mkdtemp(join(tmpdir(), 'vilasr-parity-'));

  /** `chunk` is the most tokens that are run at once. */
  constructor(
    private readonly computing: Computing = onCpu('a test'),
    private readonly chunk?: number,
  ) {}

  get(checkpoint: string, weights: WeightFormat = 'fp32'): Promise<LocalModel> {
    const key = `${checkpoint} ${weights}`;
    const known = this.open.get(key);
    if (known) return known;
    const opened = this.fresh(checkpoint, weights);
    this.open.set(key, opened);
    return opened;
  }

  /** A model of its own, whose cache is empty and holds `parallel` conversations. */
  async fresh(checkpoint: string, weights: WeightFormat = 'fp32', parallel = 1): Promise<LocalModel> {
    const { chunk } = this;
    return LocalModel.open(await this.imported(checkpoint, weights), {
      computing: this.computing,
      parallel,
      ...(chunk !== undefined && { chunk }),
    });
  }

  async imported(checkpoint: string, weights: WeightFormat): Promise<ImportedModel> {
    const folder = await openCheckpoint(join(golden, 'checkpoints', checkpoint));
    return importCheckpoint(folder, { weights, cacheDir: await this.cacheDir });
  }

  async close(): Promise<void> {
    for (const model of this.open.values()) await (await model).close();
    await rm(await this.cacheDir, { recursive: true, force: true });
  }
}

/** Largest difference of two lists of the same length. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs((a[i] ?? 0) - (b[i] ?? 0)));
  return worst;
}

export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] ?? 0) > (values[best] ?? 0)) best = i;
  return best;
}

/** The model, with images in it. */
export function ready(model: LocalModel, images: readonly RgbImage[]): LocalModel {
  for (const image of images) model.images.add(hashOf(image), image);
  return model;
}

/** Logits after the prompt and after each of the reference's greedy tokens, or the first `most`, one token a run. */
export async function decode(
  model: LocalModel,
  messages: readonly ChatMessage[],
  golden: Reference,
  most = golden.tokens.length,
): Promise<Float32Array[]> {
  const prompt = model.encode(messages);
  const all: Float32Array[] = [];
  for (let k = 0; k <= most; k++) {
    const ids = [...prompt.ids, ...golden.tokens.slice(0, k)];
    all.push((await model.logits({ ids, images: prompt.images }, new AbortController().signal)).slice());
  }
  return all;
}

/** The reference's greedy tokens at steps where the top two are apart. */
export function clearTokens(golden: Reference): { k: number; token: number }[] {
  return golden.tokens.flatMap((token, k) => ((golden.gaps[k] ?? 0) > 2e-3 ? [{ k, token }] : []));
}
