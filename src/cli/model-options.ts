import { resolve } from 'node:path';
import { type ImageLimits, type Sampling, WEIGHT_FORMATS, type WeightFormat } from '../engine/engine';
import type { RunLimits } from '../trace/trace';
import type { Args, OptionSpec } from './args';
import { badUsage } from './cli-error';
import type { Io } from './io';

/** Options of every command that lets a model speak. */
export const MODEL_OPTIONS = {
  model: { value: 'DIR', help: 'checkpoint folder of Qwen2.5-VL architecture (the bundled model)' },
  weights: {
    value: WEIGHT_FORMATS.join('|'),
    help: 'how to hold the weights (fp32 if memory allows, else int8)',
  },
  profile: {
    value: 'FILE',
    help: "prompt profile (the model's own vilasr_profile.json, else the built-in one)",
  },
  'max-turns': { value: 'N', help: 'most turns; the last one is told to answer' },
  'max-images': { value: 'N', help: 'most images, inputs included (45)' },
  'max-pixels': { value: 'N', help: 'most pixels of an image as the model sees it (351232 = 448 x 28 x 28)' },
  'max-tokens': { value: 'N', help: 'most tokens a turn (2048)' },
  temperature: { value: 'T', help: 'how freely tokens are drawn; 0 takes the likeliest (0)' },
  'top-p': { value: 'P', help: 'draw from the likeliest tokens of this joint probability (1)' },
  seed: { value: 'N', help: 'seed of the draws (0)' },
} as const satisfies Record<string, OptionSpec>;

/** What the user asked for; null where the default holds. */
export interface ModelChoice {
  /** Null for the bundled model. */
  readonly dir: string | null;
  readonly weights: WeightFormat | null;
  readonly profile: string | null;
  readonly maxTurns: number | null;
  readonly maxImages: number | null;
  readonly maxPixels: number | null;
  readonly maxTokens: number | null;
  readonly sampling: Sampling;
}

export function readModelChoice(args: Args, io: Io): ModelChoice {
  const model = args.text('model');
  const profile = args.text('profile');
  return {
    dir: model === null ? null : resolve(io.workingFolder, model),
    weights: args.choice('weights', WEIGHT_FORMATS),
    profile: profile === null ? null : resolve(io.workingFolder, profile),
    maxTurns: args.whole('max-turns', { min: 1 }),
    maxImages: args.whole('max-images', { min: 1 }),
    maxPixels: args.whole('max-pixels', { min: 1 }),
    maxTokens: args.whole('max-tokens', { min: 1 }),
    sampling: {
      temperature: args.number('temperature', { min: 0 }) ?? 0,
      topP: readTopP(args),
      seed: args.whole('seed', { min: 0 }) ?? 0,
    },
  };
}

function readTopP(args: Args): number {
  const topP = args.number('top-p', { min: 0, max: 1 }) ?? 1;
  if (topP === 0)
    throw badUsage('--top-p is 0, but must be more; --temperature 0 takes the likeliest token.');
  return topP;
}

/** Upstream's limits for evaluation, but for the tokens of a turn: a model that runs on stops sooner. */
const DEFAULTS = { maxImages: 45, maxPixels: 448 * 28 * 28, maxTokens: 2048 };

/** The limits of a run: what the user asked for, else the defaults within what the model's image processor allows. */
export function runLimits(choice: ModelChoice, images: ImageLimits, maxTurns: number): RunLimits {
  const maxPixels = choice.maxPixels ?? Math.min(DEFAULTS.maxPixels, images.maxPixels);
  const least = images.factor ** 2;
  if (maxPixels < least)
    throw badUsage(`--max-pixels is ${maxPixels}; an image has ${least} pixels or more.`);
  return {
    maxTurns: choice.maxTurns ?? maxTurns,
    maxImages: choice.maxImages ?? DEFAULTS.maxImages,
    maxTokens: choice.maxTokens ?? DEFAULTS.maxTokens,
    minPixels: Math.min(images.minPixels, maxPixels),
    maxPixels,
  };
}
