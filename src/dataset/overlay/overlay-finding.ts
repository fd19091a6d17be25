/** Everything that can be wrong with an overlay; `docs/overlay-format.md` explains each. */
export type OverlayFindingCode =
  | 'bad-line'
  | 'unknown-event'
  | 'torn-line'
  | 'reused-id'
  | 'conflict'
  | 'does-not-fit'
  | 'missing-parent'
  | 'circular-parent'
  | 'orphan';

/** Something in an overlay that is not as it should be. Nothing was guessed or repaired because of it. */
export interface OverlayFinding {
  readonly code: OverlayFindingCode;
  /** `error`: an edit is not applied. `warning`: nothing is lost, but it should be looked at. */
  readonly severity: 'error' | 'warning';
  /** For people: what is there, and what was expected. */
  readonly message: string;
  /** The line of the overlay file, from 1. */
  readonly line?: number;
  /** The event that is meant. */
  readonly event?: string;
}
