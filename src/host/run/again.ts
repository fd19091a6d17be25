import { randomInt } from 'node:crypto';
import type { Trace } from '../../trace/trace';
import type { Settings } from '../settings';
import type { RunRequest } from './run';

/** `same` says the same again as far as the model does; `new` says something else. */
export type Seed = 'same' | 'new';

/** The same question once more. With a new seed it is drawn at a temperature above 0, or the seed would not matter. */
export function requestAgain(request: RunRequest, seed: Seed, { newSeedTemperature }: Settings): RunRequest {
  if (seed === 'same') return request;
  const temperature = request.sampling.temperature === 0 ? newSeedTemperature : request.sampling.temperature;
  return { ...request, sampling: { ...request.sampling, temperature, seed: randomInt(2 ** 31) } };
}

/**
 * The question of a trace as one to ask now, of the model that is chosen now, under the rules that were followed then.
 *
 * @param files absolute paths of its pictures.
 */
export function requestOf(trace: Trace, files: readonly string[], settings: Settings): RunRequest {
  const { question: text, options, type, gold, kind, run } = trace;
  const source = withoutOrigin(trace.source);
  return {
    question: { text, options, type, gold, kind },
    files,
    source,
    model: settings.model,
    limits: run?.limits ?? settings.limits,
    sampling: run?.sampling ?? settings.sampling,
  };
}

/** A question that is asked from its beginning goes on from nothing. */
function withoutOrigin(source: Trace['source']): Trace['source'] {
  if (source === null || !('continuedFrom' in source)) return source;
  const { continuedFrom: _, ...rest } = source;
  return Object.keys(rest).length === 0 ? null : rest;
}
