import {
  type Engine,
  EngineError,
  type EngineErrorKind,
  type GenerateEvent,
  type GenerateRequest,
} from '../engine/engine';
import type { TurnFinish } from '../trace/trace';

/** One reply of an engine, as far as it got. */
export interface Reply {
  readonly text: string;
  readonly finish: TurnFinish;
  /** How many tokens were generated, or null if the engine does not know. */
  readonly tokens: number | null;
  /** Their ids, where the engine knows them and ended the reply itself. */
  readonly ids: readonly number[] | null;
  readonly seconds: number;
  /** Why it was cancelled or failed, in words; else null. */
  readonly error: string | null;
  /** What kind of failure of the engine that was; null where it was none. */
  readonly kind: EngineErrorKind | null;
}

/** Lets the engine reply and hands on its events. Whatever the engine throws, what it had said is returned. */
export async function speak(
  engine: Engine,
  request: GenerateRequest,
  signal: AbortSignal | undefined,
  onEvent: (event: GenerateEvent) => void,
): Promise<Reply> {
  const start = performance.now();
  let text = '';
  let tokens: number | null = 0;
  const reply = (finish: TurnFinish, ids: readonly number[] | null): Reply => {
    const seconds = Math.round(performance.now() - start) / 1000;
    return { text, finish, tokens, ids, seconds, error: null, kind: null };
  };
  const broken = (finish: TurnFinish, error: string, kind: Reply['kind'] = null): Reply => {
    return { ...reply(finish, null), error, kind };
  };
  if (signal?.aborted) return broken('cancelled', 'Cancelled before the model spoke.');
  try {
    for await (const event of engine.generate(request, signal)) {
      if (event.type === 'text') {
        text += event.text;
        tokens = event.tokens;
      } else if (event.type === 'end') {
        text = event.text;
        tokens = event.tokens;
        onEvent(event);
        return reply(event.reason, event.ids);
      }
      onEvent(event);
    }
  } catch (error) {
    if (!(error instanceof EngineError))
      return broken('failed', error instanceof Error ? error.message : String(error));
    return broken(error.kind === 'cancelled' ? 'cancelled' : 'failed', error.message, error.kind);
  }
  return broken('failed', 'The engine ended its reply without saying that it is over.');
}
