import { EngineError } from '../../src/engine/engine';

/** The `EngineError` that `promise` is rejected with; anything else, or none, fails the test. */
export async function engineError(promise: Promise<unknown>): Promise<EngineError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EngineError)) throw new Error(`expected an EngineError, got ${error}`);
  return error;
}
