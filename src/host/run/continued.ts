import { hasAnswerTags } from '../../trace/format-rule';
import type { Trace } from '../../trace/trace';
import type { Settings } from '../settings';
import { requestOf } from './again';
import type { RunRequest } from './run';

/**
 * The run that goes on after turn `turn` (from 0) of a trace, which stays as it is: that turn and those before it count as
 * said. The model that is chosen now goes on, under the rules that were followed then. Throws an error for people where there
 * is nothing to go on to.
 *
 * @param files absolute paths of its pictures.
 */
export function requestContinued(
  trace: Trace,
  turn: number,
  files: readonly string[],
  settings: Settings,
): RunRequest {
  const turns = trace.turns.slice(0, turn + 1);
  const last = turns[turn];
  if (last === undefined) throw new RangeError(`The trace has no turn ${turn + 1}.`);
  if (turns.some(({ text }) => hasAnswerTags(text))) {
    throw new RangeError('A turn answers, which ends a trace: choose one before it to continue from.');
  }
  if (last.drawings.length === 0) {
    throw new RangeError(
      `Turn ${turn + 1} draws nothing, so that there is no image to go on with. Let it draw something, or choose another turn.`,
    );
  }
  const request = requestOf(trace, files, settings);
  const { limits } = request;
  return {
    ...request,
    // The model may speak at least once.
    limits: { ...limits, maxTurns: Math.max(limits.maxTurns, turns.length + 1) },
    given: turns.map(({ text, finish, tokens, seconds }) => ({ text, finish, tokens, seconds })),
    sizes: trace.images.map(({ model }) => model),
    source: { ...request.source, continuedFrom: { trace: trace.id, turn: turn + 1 } },
  };
}
