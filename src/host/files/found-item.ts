import type { TraceRef } from '../../dataset/overlay/edit-event';
import type { ItemFinding } from '../../dataset/source/data-source';

/** What is found of an item. */
export interface FoundItem {
  /** Absolute path of the file that it stands in, and the 1-based line in which it begins. */
  readonly file: string;
  readonly line: number;
  /** The id of its trace; null where it is none. */
  readonly id: string | null;
  readonly findings: readonly ItemFinding[];
  /** What its edits are kept under; null where it cannot be edited. */
  readonly ref: TraceRef | null;
  /** Whether edits have made it another. */
  readonly edited: boolean;
}
