import type { ProviderChoice, WeightFormat } from '../../engine/engine';
import { checkpointName } from '../../engine/onnx/checkpoint/checkpoint-name';

export const MODEL_SOURCES = ['bundled', 'folder', 'server'] as const;
/** Where a model comes from: with the extension, from a checkpoint folder, or from a server that runs it. */
export type ModelSource = (typeof MODEL_SOURCES)[number];

/** Which model the user chose. */
export interface ModelChoice {
  readonly source: ModelSource;
  /** The checkpoint folder, if that is the source; empty if none was chosen. */
  readonly folder: string;
  readonly provider: ProviderChoice;
  /** Null for what memory allows. */
  readonly weights: WeightFormat | null;
  readonly server: ServerChoice;
  /** File of the prompt profile; empty for the model's own, or the built-in one. */
  readonly profile: string;
}

/** Which model on which server. */
export interface ServerChoice {
  /** Base URL of an OpenAI-compatible server, as in `http://localhost:8000/v1`. */
  readonly url: string;
  /** What the server calls the model; empty for the only one it has. */
  readonly model: string;
  /** Most requests at the same time. */
  readonly parallel: number;
}

/** What makes the engine another one, as text. Choices that only differ in what they do not use are the same. */
export function engineKey({ source, folder, provider, weights, server, profile }: ModelChoice): string {
  switch (source) {
    case 'bundled':
      return JSON.stringify([source, provider, weights, profile]);
    case 'folder':
      return JSON.stringify([source, folder, provider, weights, profile]);
    case 'server':
      return JSON.stringify([source, server.url, server.model, server.parallel, profile]);
  }
}

/** The model's name; null where it has none: the bundled one, and one that a server is left to choose. */
export function modelName({ source, folder, server }: ModelChoice): string | null {
  switch (source) {
    case 'bundled':
      return null;
    case 'folder':
      return folder === '' ? null : checkpointName(folder);
    case 'server':
      return server.model === '' ? null : server.model;
  }
}

/** Host and port of a URL, or the text itself where it is none. */
export function serverHost(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
