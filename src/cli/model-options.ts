import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { BUILT_IN_PROFILES } from '../dataset/read-profile';
import { endpointAddress, isEndpoint } from '../engine/endpoint/endpoint-address';
import {
  type ImageLimits,
  PROVIDER_CHOICES,
  type ProviderChoice,
  type Sampling,
  WEIGHT_FORMATS,
  type WeightFormat,
} from '../engine/engine';
import { whyNotHere } from '../engine/expert-providers';
import { cachedSnapshot } from '../engine/hub/hub-cache';
import { hubCacheDir } from '../engine/hub/hub-settings';
import type { RunLimits } from '../trace/trace';
import type { Args, OptionSpec } from './args';
import { badUsage } from './cli-error';
import type { Io } from './io';

/** The choices that this system has, for a help text. */
export function providersHere(choices: readonly ProviderChoice[]): string {
  return choices.filter((choice) => whyNotHere(choice) === null).join('|');
}

/** Options of every command that lets a model speak. */
export const MODEL_OPTIONS = {
  model: {
    value: 'DIR|NAME|URL',
    help: 'checkpoint folder of Qwen2.5-VL architecture, a downloaded one by name, or a server (the bundled model)',
  },
  'served-model': { value: 'NAME', help: 'what the server calls the model (the only one it has)' },
  weights: {
    value: WEIGHT_FORMATS.join('|'),
    help: 'how to hold the weights (fp32 if memory allows, else int8); see docs/models.md',
  },
  provider: {
    value: providersHere(PROVIDER_CHOICES),
    help: 'what computes (the graphics card if it does so right and fast, else the processor); see docs/models.md',
  },
  profile: {
    value: `FILE|${BUILT_IN_PROFILES.join('|')}`,
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

/** For the help of these commands, in lines of up to 110 characters. */
export const MODEL_NOTES = `A server is any with an OpenAI-compatible chat endpoint: vLLM, llama-server, LM Studio, transformers serve.
If it wants a key, put it into the environment variable VILASR_API_KEY.`;

/** Where the model is: in a checkpoint folder, null for the bundled one, or on a server, which may want a key. */
export type ModelSource =
  | { readonly type: 'folder'; readonly dir: string | null }
  | {
      readonly type: 'server';
      readonly url: string;
      /** Null for the only one the server has. */
      readonly model: string | null;
      readonly key: string | null;
    };

/** What the user asked for; null where the default holds. */
export interface ModelChoice {
  readonly source: ModelSource;
  readonly weights: WeightFormat | null;
  readonly provider?: ProviderChoice | null;
  /** The name of a built-in profile, or the path of a file. */
  readonly profile: string | null;
  readonly maxTurns: number | null;
  readonly maxImages: number | null;
  readonly maxPixels: number | null;
  readonly maxTokens: number | null;
  /** How many requests are with the model at once: of a server as many as it takes by default unless given, else one. */
  readonly parallel?: number;
  readonly sampling: Sampling;
}

export function readModelChoice(args: Args, io: Io): ModelChoice {
  const profile = args.text('profile');
  return {
    source: readSource(args, io),
    weights: args.choice('weights', WEIGHT_FORMATS),
    provider: readProvider(args, PROVIDER_CHOICES),
    profile: profile === null || isBuiltIn(profile) ? profile : resolve(io.workingFolder, profile),
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

/** `--provider`, of which this system may lack some. Throws `CliError` for such a one, too. */
export function readProvider<P extends ProviderChoice>(args: Args, choices: readonly P[]): P | null {
  const provider = args.choice('provider', choices);
  const nowhere = provider && whyNotHere(provider);
  if (nowhere) throw badUsage(`--provider is "${provider}", but ${nowhere}.`);
  return provider;
}

const isBuiltIn = (profile: string): boolean => BUILT_IN_PROFILES.includes(profile);

function readSource(args: Args, io: Io): ModelSource {
  const [model, served] = [args.text('model'), args.text('served-model')];
  if (model === null || !isEndpoint(model)) {
    if (served !== null) throw badUsage('--served-model is for a server: --model http://…');
    return { type: 'folder', dir: model === null ? null : folderOf(model, io) };
  }
  if (args.text('weights') !== null)
    throw badUsage('--weights is for checkpoint folders; a server holds its weights as it was told to.');
  if (args.text('provider') !== null)
    throw badUsage('--provider is for checkpoint folders; a server computes where it is.');
  try {
    endpointAddress(model);
  } catch (error) {
    throw badUsage(`--model: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { type: 'server', url: model, model: served, key: io.env.VILASR_API_KEY || null };
}

/** A folder, or a model of that name that was downloaded from the hub. */
export function folderOf(model: string, { workingFolder, env }: Pick<Io, 'workingFolder' | 'env'>): string {
  const folder = resolve(workingFolder, model);
  return existsSync(folder) ? folder : (cachedSnapshot(model, hubCacheDir(env)) ?? folder);
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
