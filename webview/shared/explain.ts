import { CallError, Refusal } from '../../src/protocol/call-error';

/** What went wrong with a call, for people. */
export function explain(error: unknown): string {
  if (error instanceof Refusal) {
    const { failure } = error;
    if (isFailure(failure)) return failure.message;
  }
  return error instanceof CallError || error instanceof Error ? error.message : String(error);
}

function isFailure(failure: unknown): failure is { readonly message: string } {
  return (
    typeof failure === 'object' &&
    failure !== null &&
    'message' in failure &&
    typeof failure.message === 'string'
  );
}
