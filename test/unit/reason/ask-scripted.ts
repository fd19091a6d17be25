import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll } from 'vitest';
import { ScriptedEngine, type ScriptedReply } from '../../../src/engine/scripted-engine';
import { loadImage } from '../../../src/image/load';
import { paint } from '../../../src/image/paint';
import type { PixelService } from '../../../src/image/pixel-service';
import { defaultProfile } from '../../../src/reason/default-profile';
import { type Job, type ReasonEvent, type ReasonOptions, reason } from '../../../src/reason/reason';
import type { Box, Drawing } from '../../../src/trace/drawing';
import { formatAnswerTurn, formatDrawingTurn } from '../../../src/trace/format-turn';

let folder: string;
/** A picture by its number, from 1. */
export const picture = (number: number) => join(folder, `${number}.png`);
const SIDES = [
  [112, 84],
  [120, 60],
  [56, 140],
] as const;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vilasr-reason-'));
  for (const [i, [width, height]] of SIDES.entries()) {
    const background = { r: 255, g: 255 - 40 * i, b: 200 };
    await sharp({ create: { width, height, channels: 3, background } })
      .png()
      .toFile(picture(i + 1));
  }
});
afterAll(() => rm(folder, { recursive: true }));

/** The real decoder and painter, in this process. */
export const pixels: PixelService = {
  load: loadImage,
  paint: async (image, canvas) => paint(image, canvas),
  savePng: async () => {},
  close: async () => {},
};

export const box = (index: number, label: string, x = 10): Box => ({
  index,
  bbox_2d: [x, 10, 50, 50],
  label,
});
export const draw = (...[first, ...rest]: [Drawing, ...Drawing[]]) => ({
  text: formatDrawingTurn('I draw.', [first, ...rest]),
});
export const answer = { text: formatAnswerTurn('So B.', 'B') };

interface Setup {
  readonly replies: readonly ScriptedReply[];
  readonly images?: readonly number[];
  readonly kind?: Job['question']['kind'];
  readonly limits?: Partial<ReasonOptions['limits']>;
  readonly options?: Partial<ReasonOptions>;
  readonly job?: Partial<Job>;
}

/** Asks a model that says these replies, one after the other. */
export async function ask({ replies, images = [1], kind = 'single', limits, options, job: more }: Setup) {
  const engine = new ScriptedEngine(replies);
  const events: ReasonEvent[] = [];
  const job: Job = {
    id: 'q1',
    question: { text: 'Which?', options: ['A. one', 'B. two'], type: 'multiple-choice', gold: 'B', kind },
    images: images.map((number) => ({ path: `${number}.png`, file: picture(number) })),
    source: { kind: 'test' },
    ...more,
  };
  const trace = await reason(job, {
    engine,
    pixels,
    profile: defaultProfile,
    limits: { maxTurns: 6, maxImages: 45, maxTokens: 200, minPixels: 3136, maxPixels: 1_000_000, ...limits },
    sampling: { temperature: 0, topP: 1, seed: 5 },
    drawing: true,
    ...options,
    onEvent: (event) => {
      events.push(event);
      options?.onEvent?.(event);
    },
  });
  return { trace, events, engine };
}
