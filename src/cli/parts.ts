import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findProfile } from '../dataset/read-profile';
import { indexInWorker, type StartIndex } from '../dataset/source/start-index';
import { openEndpointEngine } from '../engine/endpoint/endpoint-engine';
import type { Advice } from '../engine/endpoint/explain-refusal';
import type { Engine } from '../engine/engine';
import { PROFILE_FILE } from '../engine/onnx/checkpoint';
import { openOnnxEngine } from '../engine/onnx/onnx-engine';
import { type Pixels, startPixelService } from '../image/child-pixel-service';
import type { PngEncoder } from '../image/pixel-service';
import { defaultProfile } from '../reason/default-profile';
import { type PromptProfile, readProfile } from '../reason/profile';
import { badInput } from './cli-error';
import { describeComputing, describeOpening } from './describe-import';
import type { ModelChoice } from './model-options';
import type { Progress } from './progress';

/** A model that is ready to speak, and the words to speak to it in. */
export interface OpenModel {
  readonly engine: Engine;
  readonly profile: PromptProfile;
}

/** Says what to do about what a server refuses. */
const SERVER_ADVICE: Advice = {
  key: 'Put the right one into the environment variable VILASR_API_KEY.',
  model: 'Name one with --served-model NAME.',
  images: 'Ask with fewer images (--max-images), smaller ones (--max-pixels) or fewer turns (--max-turns).',
};

/**
 * Opens the model that the user chose; importing it the first time may take a while. The prompt profile is the one that
 * was asked for, else the one in the model's folder, else the built-in one.
 */
export async function openModel(
  choice: ModelChoice,
  encoder: PngEncoder,
  progress: Progress,
  signal: AbortSignal,
): Promise<OpenModel> {
  const { profile } = choice;
  const chosen = profile === null ? null : await findProfile(profile);
  const { engine, from } = await openEngine(choice, encoder, progress, signal);
  progress.clear();
  try {
    const own = engine.info.profile;
    return { engine, profile: chosen ?? (own === null ? defaultProfile : readProfile(own, from)) };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** The engine, and where its profile is from if it brings one. */
async function openEngine(
  { source, weights, provider, maxPixels, maxImages, parallel }: ModelChoice,
  encoder: PngEncoder,
  progress: Progress,
  signal: AbortSignal,
): Promise<{ engine: Engine; from: string }> {
  if (source.type === 'server') {
    const engine = await openEndpointEngine({
      ...source,
      ...(parallel !== undefined && { concurrency: parallel }),
      encodePng: (image) => encoder.encodePng(image),
      advice: SERVER_ADVICE,
      signal,
      onWaiting: (why) => progress.show(why),
    });
    return { engine, from: source.url };
  }
  const dir = modelFolder(source.dir);
  const engine = await openOnnxEngine({
    dir,
    weights: weights ?? undefined,
    provider: provider ?? undefined,
    maxPixels: maxPixels ?? undefined,
    maxImages: maxImages ?? undefined,
    parallel: parallel ?? 1,
    signal,
    onProgress: (step) => progress.show(describeOpening(step)),
    onComputing: (computing) => {
      // A log need not be told each time that there is no graphics card.
      const wanted = provider !== null && provider !== undefined && provider !== 'auto';
      const isNews = computing.provider !== 'cpu' || wanted || progress.onTerminal;
      if (provider !== 'cpu' && isNews) progress.note(describeComputing(computing));
    },
  });
  return { engine, from: join(dir, PROFILE_FILE) };
}

/** The process that reads, paints, encodes and writes images; it starts with the first use. */
export function openPixels(): Pixels {
  return startPixelService(join(__dirname, 'pixels.js'));
}

/** Indexes data files in a thread of its own. */
export function indexThread(): StartIndex {
  return indexInWorker(join(__dirname, 'index-worker.js'));
}

/** The program of the threads that score. */
export const SCORE_WORKER = join(__dirname, 'score-worker.js');

/** The folder of a model; null for the one that comes with this program. */
export function modelFolder(chosen: string | null): string {
  if (chosen !== null) return chosen;
  const dir = join(dirname(__dirname), 'media', 'model');
  if (existsSync(join(dir, 'config.json'))) return dir;
  throw badInput(`The bundled model is missing from ${dir}. Name a checkpoint folder with --model DIR.`);
}
