import { EngineError, type EngineErrorKind } from '../engine';

/** Whether the same request may fare better later: at the earliest `after` milliseconds, if the server said so. */
export interface TryAgain {
  readonly after: number | null;
}

/** A failure of the server, or of the way to it. */
export class EndpointFailure extends EngineError {
  constructor(
    kind: EngineErrorKind,
    message: string,
    /** Null where it would fail in the same way again. */
    readonly again: TryAgain | null = null,
    /** The status that the server gave as its answer, if it did. */
    readonly status: number | null = null,
  ) {
    super(kind, message);
  }
}

/** What the server or the line to it failed at, and may do better the next time. */
export const brokenOff = (message: string): EndpointFailure =>
  new EndpointFailure('server', message, { after: null });
