import type { Change } from '../../trace/edit/change';
import type { Trace } from '../../trace/trace';
import type { EditEvent, TraceRef } from './edit-event';
import type { OverlayConflict, OverlayFile } from './overlay-file';

export interface SessionOptions {
  readonly file: OverlayFile;
  /** The trace as it is in the source; null if it is not there. */
  readonly find: (ref: TraceRef) => Promise<Trace | null>;
  /** Who edits. */
  readonly who: string;
  readonly now?: () => Date;
}

/** An edit that was made, to be taken back and made again as often as wanted, the last one first. */
export interface Edit {
  readonly trace: TraceRef;
  readonly label: string;
  /** Throws `ChangeConflict` if something else was done to the trace since. */
  undo(): Promise<void>;
  redo(): Promise<void>;
}

/** What a trace was, what it is, and what leads from the one to the other. */
export interface Edited {
  readonly original: Trace;
  readonly trace: Trace;
  readonly changes: readonly Change[];
}

/** What became of unsaved events. */
export interface Saved {
  /** How many were written. */
  readonly count: number;
  /** Traces whose events stay unsaved, since others have edited them meanwhile: see `keepMine` and `keepTheirs`. */
  readonly conflicts: readonly OverlayConflict[];
  readonly healed: string | null;
}

/** Part of a backup that cannot be made again, and why, for people. */
export interface Unrestored {
  /** Null where it cannot even be read. */
  readonly event: EditEvent | null;
  readonly reason: string;
}
