import { EngineError } from '../../engine';

/** Throws the error that a cancelled import ends with. */
export function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw new EngineError(
      'cancelled',
      'The import was cancelled; it goes on where it stopped when it is started again.',
    );
  }
}
