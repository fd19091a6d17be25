import { writeRecord } from '../dataset/write-record';
import type { Criteria, Reason } from './select';

/** What was chosen from a set, by what, and what was left out: it lies beside what was kept. */
export interface SelectionRecord {
  /** Path of the file that was chosen from, from the folder of the record. */
  readonly from: string;
  readonly criteria: Criteria;
  /** Most candidates of one question; null for all. */
  readonly most: number | null;
  readonly kept: number;
  /** How many were left out, by the first reason that held. */
  readonly leftOut: Readonly<Partial<Record<Reason | 'enough of its question', number>>>;
}

/** Where the record of a selection lies: beside the file that was kept. */
export const selectionPath = (kept: string): string =>
  `${kept.replace(/(?:\.traces)?\.jsonl$/i, '')}.selection.json`;

/** Writes the record, whole or not at all. Throws `DataError`. */
export function writeSelection(path: string, record: SelectionRecord): Promise<void> {
  return writeRecord(path, { format: 'vilasr.selection/1', ...record });
}
