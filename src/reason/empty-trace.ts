import { withDerived } from '../trace/derive';
import { TRACE_FORMAT, type Trace } from '../trace/trace';
import type { Job } from './reason';

/** The trace of a job before the loop began: nothing was said but what was given, nobody looked at the images. */
export function emptyTrace(job: Job, { finish, error }: Pick<Trace, 'finish' | 'error'>): Trace {
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
    turns: job.given ?? [],
    finish,
    error,
    run: null,
    source: job.source,
  });
}
