import type { EngineErrorKind } from '../engine/engine';
import { type Job, type ReasonOptions, reason } from '../reason/reason';
import type { Trace } from '../trace/trace';
import type { SideBySide } from './side-by-side';
import { unspokenTrace } from './unspoken-trace';

/** How often a question is asked on which the engine fails. */
const TRIES = 2;

/** No engine can be had, whatever is asked. */
const NO_ENGINE: ReadonlySet<EngineErrorKind> = new Set([
  'bad-model',
  'no-space',
  'unreachable',
  'access',
  'busy',
]);

/** What came of a question. */
export interface Asked {
  readonly trace: Trace;
  /**
   * Why it failed, where that is not the model's doing: the engine, or the process that reads and paints the images,
   * `broke` on it each time; or `no-engine` could be had again, for which no question is to blame.
   */
  readonly failure: 'broke' | 'no-engine' | null;
}

/**
 * Asks a question of many. Should a process die on it, or a server fail, which may have been an accident, it is asked
 * once more. `others`: those that the same process answers at the same time. They die of what one of them does, so each is
 * asked again alone. Throws what `reason` throws, but for the end of a process.
 */
export async function askQuestion(
  job: Job,
  options: ReasonOptions,
  others: SideBySide | null = null,
): Promise<Asked> {
  const ask = () => askOnce(job, options);
  for (let attempt = 1; ; attempt++) {
    const asked = await (others === null ? ask() : attempt === 1 ? others.beside(ask) : others.alone(ask));
    if (asked.failure !== 'broke' || attempt === TRIES) return asked;
  }
}

async function askOnce(job: Job, options: ReasonOptions): Promise<Asked> {
  const kinds: EngineErrorKind[] = [];
  const onFailure = (kind: EngineErrorKind) => kinds.push(kind);
  const trace = await reason(job, { ...options, onFailure }).catch((error: unknown) =>
    unspokenTrace(job, error),
  );
  const kind = kinds.at(-1);
  // A conversation that outgrows the model is the model's failure at this question, and stays one.
  if (trace.finish !== 'failed' || kind === 'bad-request') return { trace, failure: null };
  // If it was not the engine, it was the process that reads and paints the images.
  return { trace, failure: kind !== undefined && NO_ENGINE.has(kind) ? 'no-engine' : 'broke' };
}
