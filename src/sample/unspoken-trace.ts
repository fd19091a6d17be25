import { EngineError, type EngineErrorKind } from '../engine/engine';
import { ImageError } from '../image/pixel-service';
import { CallError } from '../protocol/call-error';
import { emptyTrace } from '../reason/empty-trace';
import type { Job } from '../reason/reason';
import type { Trace } from '../trace/trace';

/** How a process that began to work may end; all else is refused before it does. */
const DEATHS: ReadonlySet<string> = new Set<EngineErrorKind>(['out-of-memory', 'killed', 'crashed', 'hung']);

/**
 * The trace of a question whose engine, or the process that reads its images, ended with `error` before the loop began:
 * nothing was said, nobody looked at the images. Any other error is thrown on.
 */
export function unspokenTrace(job: Job, error: unknown): Trace {
  // Pictures that cannot be read have no cause: they are bad input, and leave no trace.
  const how = error instanceof ImageError ? error.cause : error;
  const isCall = how instanceof EngineError || how instanceof CallError;
  if (!(error instanceof Error) || !isCall) throw error;
  if (how.kind !== 'cancelled' && !DEATHS.has(how.kind)) throw error;
  return emptyTrace(job, {
    finish: how.kind === 'cancelled' ? 'cancelled' : 'failed',
    error: error.message,
  });
}
