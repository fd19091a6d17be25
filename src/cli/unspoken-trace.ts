import { EngineError, type EngineErrorKind } from '../engine/engine';
import type { Job } from '../reason/reason';
import { withDerived } from '../trace/derive';
import { TRACE_FORMAT, type Trace } from '../trace/trace';

/** What may befall an engine that began to work; all else is refused before it does. */
const ON_THE_WAY: ReadonlySet<EngineErrorKind> = new Set<EngineErrorKind>([
  'cancelled',
  'out-of-memory',
  'killed',
  'crashed',
  'hung',
]);

/**
 * The trace of a question whose engine ended, with `error`, before the loop began: nothing was said, nobody looked at
 * the images. Any other error is thrown on.
 */
export function unspokenTrace(job: Job, error: unknown): Trace {
  if (!(error instanceof EngineError) || !ON_THE_WAY.has(error.kind)) throw error;
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
    finish: error.kind === 'cancelled' ? 'cancelled' : 'failed',
    error: error.message,
    run: null,
    source: job.source,
  });
}
