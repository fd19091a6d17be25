import * as v from 'valibot';
import { PROVIDER_CHOICES, type Sampling, WEIGHT_FORMATS } from '../engine/engine';
import { MODEL_SOURCES, type ModelChoice } from './model/model-choice';

/** Where the loop stops, as set; see `RunLimits`. */
export interface LimitSettings {
  readonly maxTurns: number;
  readonly maxImages: number;
  readonly maxTokens: number;
  readonly maxPixels: number;
}

export interface Settings {
  readonly model: ModelChoice;
  /** An idle model is unloaded after so many minutes; never if 0. */
  readonly unloadAfterMinutes: number;
  readonly limits: LimitSettings;
  readonly sampling: Sampling;
  /** What takes the place of a temperature of 0 where a run is asked for that says something new. */
  readonly newSeedTemperature: number;
  /** How many frames of a video or of a folder are asked about. */
  readonly videoFrames: number;
  /** The program; empty for `ffmpeg` on the PATH. */
  readonly ffmpegPath: string;
  /** Whether a reason is asked for when a trace is rejected or sent back. */
  readonly askReason: boolean;
  /** Reasons for a verdict, of which a digit takes one in a review. */
  readonly reasons: readonly string[];
  /** Whether a verdict leads to the next trace in a review. */
  readonly advance: boolean;
}

const whole = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
const between = (min: number, max: number) => v.pipe(v.number(), v.minValue(min), v.maxValue(max));
const setting = <T>(schema: v.GenericSchema<unknown, T>, fallback: T) => ({ schema, fallback });

/** Every setting by its name after `vilasr.`: what it may be, and what it is unless it is set. */
export const SETTINGS = {
  'model.source': setting(v.picklist(MODEL_SOURCES), 'bundled'),
  'model.folder': setting(v.string(), ''),
  'model.provider': setting(v.picklist(PROVIDER_CHOICES), 'auto'),
  'model.weights': setting(v.picklist(['auto', ...WEIGHT_FORMATS]), 'auto'),
  'model.promptProfile': setting(v.string(), ''),
  'model.unloadAfterMinutes': setting(between(0, 10_000), 10),
  'server.url': setting(v.string(), ''),
  'server.model': setting(v.string(), ''),
  'server.parallelRequests': setting(whole(1, 64), 2),
  'limits.maxPixels': setting(whole(784), 448 * 28 * 28),
  'limits.maxImages': setting(whole(1), 45),
  'limits.maxTurns': setting(whole(1), 20),
  'limits.maxTokens': setting(whole(1), 2048),
  'sampling.temperature': setting(between(0, 10), 0),
  'sampling.topP': setting(v.pipe(v.number(), v.gtValue(0), v.maxValue(1)), 1),
  'sampling.seed': setting(whole(0), 0),
  'sampling.newSeedTemperature': setting(v.pipe(v.number(), v.gtValue(0), v.maxValue(10)), 0.7),
  'video.frames': setting(whole(1, 1000), 16),
  'video.ffmpegPath': setting(v.string(), ''),
  'review.askReason': setting(v.boolean(), false),
  'review.reasons': setting(v.array(v.pipe(v.string(), v.trim(), v.nonEmpty())), [
    'drawing is off',
    'no real correction',
    'answer not supported by a drawing',
    'reasoning is wrong',
    'answer is wrong',
    'malformed',
    'like another one',
    'question or image is bad',
  ]),
  'review.advance': setting(v.boolean(), true),
};

export type SettingName = keyof typeof SETTINGS;

/**
 * All settings. One that cannot be used holds its default; `onProblem` is told which one and why.
 *
 * @param get the value of a setting by its name after `vilasr.`; undefined if it has none.
 */
export function readSettings(
  get: (name: SettingName) => unknown,
  onProblem: (name: SettingName, problem: string) => void,
): Settings {
  const read = <N extends SettingName>(name: N): v.InferOutput<(typeof SETTINGS)[N]['schema']> => {
    const { schema, fallback }: { schema: v.GenericSchema; fallback: unknown } = SETTINGS[name];
    const value = get(name);
    const result = v.safeParse(schema, value === undefined ? fallback : value);
    if (!result.success) onProblem(name, result.issues[0].message);
    // What `schema` puts out; the compiler cannot follow that through `N`.
    return (result.success ? result.output : fallback) as v.InferOutput<(typeof SETTINGS)[N]['schema']>;
  };
  const weights = read('model.weights');
  return {
    model: {
      source: read('model.source'),
      folder: read('model.folder').trim(),
      provider: read('model.provider'),
      weights: weights === 'auto' ? null : weights,
      server: {
        url: read('server.url').trim(),
        model: read('server.model').trim(),
        parallel: read('server.parallelRequests'),
      },
      profile: read('model.promptProfile').trim(),
    },
    unloadAfterMinutes: read('model.unloadAfterMinutes'),
    limits: {
      maxTurns: read('limits.maxTurns'),
      maxImages: read('limits.maxImages'),
      maxTokens: read('limits.maxTokens'),
      maxPixels: read('limits.maxPixels'),
    },
    sampling: {
      temperature: read('sampling.temperature'),
      topP: read('sampling.topP'),
      seed: read('sampling.seed'),
    },
    newSeedTemperature: read('sampling.newSeedTemperature'),
    videoFrames: read('video.frames'),
    ffmpegPath: read('video.ffmpegPath').trim(),
    askReason: read('review.askReason'),
    reasons: read('review.reasons'),
    advance: read('review.advance'),
  };
}
