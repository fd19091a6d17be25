export type CallErrorKind =
  /** The caller's signal was aborted. */
  | 'cancelled'
  /** No answer within the call's own limit; the other side was told to stop. */
  | 'timed-out'
  /** A message did not fit the contract; a fault of the program, not of its user. */
  | 'malformed'
  /** The method failed in a way that it does not know itself. */
  | 'unexpected'
  /** The caller was closed. */
  | 'closed'
  /** The child process could not be started. */
  | 'cannot-start'
  /** How the child process ended. */
  | 'killed'
  | 'out-of-memory'
  | 'crashed'
  | 'hung';

/** A call that got no answer. `message` is for people: what happened to whom. */
export class CallError extends Error {
  override readonly name = 'CallError';

  constructor(
    readonly kind: CallErrorKind,
    message: string,
  ) {
    super(message);
  }
}

/** The method understood the call and refused it; `failure` says why, in the terms of the contract. */
export class Refusal<Failure> extends Error {
  override readonly name = 'Refusal';

  constructor(readonly failure: Failure) {
    super('the call was refused');
  }
}
