import { join } from 'node:path';
import * as vscode from 'vscode';
import { findProfile } from '../../dataset/read-profile';
import { openEndpointEngine } from '../../engine/endpoint/endpoint-engine';
import { type Computing, type Engine, EngineError } from '../../engine/engine';
import { PROFILE_FILE } from '../../engine/onnx/checkpoint';
import { openOnnxEngine } from '../../engine/onnx/onnx-engine';
import type { PngEncoder } from '../../image/pixel-service';
import { defaultProfile } from '../../reason/default-profile';
import { type PromptProfile, readProfile } from '../../reason/profile';
import { describeOpening } from './describe-opening';
import type { OpenModel } from './engine-keeper';
import type { ModelChoice } from './model-choice';
import type { ServerKeys } from './server-key';

/** What opening a model needs of the house. */
export interface ModelParts {
  /** Folder of the model that comes with the extension. */
  readonly bundled: string;
  /** Program of the engine's process. */
  readonly enginePath: string;
  readonly keys: ServerKeys;
  readonly encoder: PngEncoder;
  /** Told what a model on this machine computes on, and why. */
  readonly onComputing: (computing: Computing) => void;
}

/** What a model on this machine is opened for. */
export interface Demands {
  /** Area of the largest image in pixels. */
  readonly maxPixels: number;
  /** Most images of a conversation. */
  readonly maxImages: number;
  /** Conversations that it holds at once; of a server as many as was chosen with it. */
  readonly parallel: number;
}

/** Opens the model that was chosen, and finds the profile to ask it with. */
export async function openModel(
  choice: ModelChoice,
  demands: Demands,
  parts: ModelParts,
  onProgress: (message: string) => void,
  signal: AbortSignal,
): Promise<OpenModel> {
  const chosen = choice.profile === '' ? null : await findProfile(choice.profile);
  const engine = await openEngine(choice, demands, parts, onProgress, signal);
  try {
    return {
      engine,
      profile: chosen ?? ownProfile(engine, choice.source === 'bundled' ? parts.bundled : choice.folder),
    };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

async function openEngine(
  choice: ModelChoice,
  demands: Demands,
  { bundled, enginePath, keys, encoder, onComputing }: ModelParts,
  onProgress: (message: string) => void,
  signal: AbortSignal,
): Promise<Engine> {
  const { source, folder, provider, weights, server } = choice;
  if (source === 'server') {
    if (server.url === '') throw new EngineError('bad-request', noModel());
    return openEndpointEngine({
      url: server.url,
      model: server.model === '' ? null : server.model,
      key: await keys.get(server.url),
      encodePng: (image) => encoder.encodePng(image),
      advice: {
        key: vscode.l10n.t('Give one with the command "ViLaSR: Select Model…".'),
        model: vscode.l10n.t('Name one with the command "ViLaSR: Select Model…".'),
        images: vscode.l10n.t(
          'Lower "vilasr.limits.maxPixels" or "vilasr.limits.maxImages" in the settings.',
        ),
      },
      concurrency: server.parallel,
      signal,
      onWaiting: onProgress,
    });
  }
  if (source === 'folder' && folder === '') throw new EngineError('bad-request', noModel());
  const engine = await openOnnxEngine({
    dir: source === 'bundled' ? bundled : folder,
    ...{ provider, maxPixels: demands.maxPixels, maxImages: demands.maxImages, parallel: demands.parallel },
    ...{ signal, entry: enginePath, onComputing },
    weights: weights ?? undefined,
    onProgress: (step) => onProgress(describeOpening(step)),
  });
  return source === 'bundled' ? named(engine, BUNDLED) : engine;
}

/** What runs of the bundled model say of it; its folder's name would say nothing. */
const BUNDLED = 'bundled';

const named = (engine: Engine, model: string): Engine => ({
  get info() {
    return { ...engine.info, model };
  },
  generate: (request, signal) => engine.generate(request, signal),
  close: () => engine.close(),
});

const noModel = (): string =>
  vscode.l10n.t('No model was chosen. Choose one with the command "ViLaSR: Select Model…".');

/** The profile that travels with the model, else the built-in one. */
function ownProfile({ info }: Engine, folder: string): PromptProfile {
  return info.profile === null ? defaultProfile : readProfile(info.profile, join(folder, PROFILE_FILE));
}
