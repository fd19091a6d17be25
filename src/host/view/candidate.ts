import type { Result } from '../../protocol/contract';
import type { HostContract } from '../../view/trace-view';
import { isCorrect } from '../run/run-summary';
import { worthOf } from './desk';
import { toView } from './shown';
import type { SourceList, TraceSource } from './source';

/** What of a source a comparison needs. */
type Compared = Pick<TraceSource, 'revision'> & { readonly list: Pick<SourceList, 'trace'> | null };

/**
 * The trace at place `index` of a source's file, to be compared with the one that it shows; null where `revision` is not that of
 * the one it shows by now. Throws errors for people, as where there is no trace at that place.
 */
export async function candidateOf(
  source: Compared,
  revision: number,
  index: number,
): Promise<Result<HostContract, 'candidate'>> {
  if (source.revision !== revision) return null;
  const found = (await source.list?.trace(index)) ?? null;
  if (source.revision !== revision) return null;
  if (found === null) throw new Error('There is no such trace in the file.');
  const { trace, key, edited, verdict } = found;
  return {
    ...{ trace: toView(trace), key, edited, correct: isCorrect(trace) },
    verdict: verdict?.verdict ?? 'pending',
    ...worthOf(trace),
  };
}
