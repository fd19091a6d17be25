import { EngineError, type EngineErrorKind } from '../engine/engine';
import { ImageError } from '../image/pixel-service';
import { CallError } from '../protocol/call-error';
import type { Job } from '../reason/reason';
import { withDerived } from '../trace/derive';
import { TRACE_FORMAT, type Trace } from '../trace/trace';

/** How a process that began to work may end; all else is refused before it does. */
export const DEATHS: ReadonlySet<string> = new Set<EngineErrorKind>([
  'out-of-memory',
  'killed',
  'crashed',
  'hung',
]);

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
  const { text, options, type, gold, kind } = job.question;
  return withDerived({
    format: TRACE_FORMAT,
    id: job.id,
    question: text,
    options,
    type,
    gold,
    kind,
    images: job.images.map(({ path }) => ({ path, file: null, model: null })),
    turns: [],
    finish: how.kind === 'cancelled' ? 'cancelled' : 'failed',
    error: error.message,
    run: null,
    source: job.source,
  });
}
