import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readTextFile } from '../dataset/read-text';
import type { Engine } from '../engine/engine';
import { PROFILE_FILE } from '../engine/onnx/checkpoint';
import { openOnnxEngine } from '../engine/onnx/onnx-engine';
import { startPixelService } from '../image/child-pixel-service';
import type { PixelService } from '../image/pixel-service';
import { defaultProfile } from '../reason/default-profile';
import { type PromptProfile, readProfile } from '../reason/profile';
import { badInput } from './cli-error';
import { describeImport } from './describe-import';
import type { ModelChoice } from './model-options';
import type { Progress } from './progress';

/** A model that is ready to speak, and the words to speak to it in. */
export interface OpenModel {
  readonly engine: Engine;
  readonly profile: PromptProfile;
}

/**
 * Opens the model that the user chose; importing it the first time may take a while. The prompt profile is the one that
 * was asked for, else the one in the model's folder, else the built-in one.
 */
export async function openModel(
  choice: ModelChoice,
  progress: Progress,
  signal: AbortSignal,
): Promise<OpenModel> {
  const dir = choice.dir ?? bundledModel();
  const chosen =
    choice.profile === null
      ? null
      : readProfile(await readTextFile(choice.profile, 'The profile'), choice.profile);
  const engine = await openOnnxEngine({
    dir,
    weights: choice.weights ?? undefined,
    maxPixels: choice.maxPixels ?? undefined,
    signal,
    onProgress: (step) =>
      progress.show(step.phase === 'opening' ? 'opening the model' : describeImport(step)),
  });
  progress.clear();
  try {
    const own = engine.info.profile;
    const inModel = join(dir, PROFILE_FILE);
    const profile = chosen ?? (own === null ? defaultProfile : readProfile(own, inModel));
    return { engine, profile };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** The process that reads, paints and writes images; it starts with the first use. */
export function openPixels(): PixelService {
  return startPixelService(join(__dirname, 'pixels.js'));
}

/** The folder of the model that comes with this program. */
function bundledModel(): string {
  const dir = join(dirname(__dirname), 'media', 'model');
  if (existsSync(join(dir, 'config.json'))) return dir;
  throw badInput(`The bundled model is missing from ${dir}. Name a checkpoint folder with --model DIR.`);
}
