import type { ItemFinding } from '../../dataset/source/data-source';
import type { DataDocument } from './data-document';

/** Something that was found of a trace of a data file. */
export interface Problem extends Pick<ItemFinding, 'code' | 'severity' | 'message'> {
  /** Absolute path of the file that the trace stands in, and the 1-based line in which it begins. */
  readonly file: string;
  readonly line: number;
  /** Number of the item, from 0. */
  readonly item: number;
  /** The id of the trace, or that of the item where it is none. */
  readonly name: string;
  /** Counted from 0; null where no turn is meant. */
  readonly turn: number | null;
}

/** So many traces are looked at, and so many problems said, at most: nobody reads more, and all of it is there when it is shown. */
const MOST_ITEMS = 100;
const MOST_PROBLEMS = 1000;

/**
 * What is found of the traces that are shown, and of those that were edited last, with their edits; then of `others` as long
 * as there is room. Throws `DataError`.
 */
export async function findProblems(
  document: Pick<DataDocument, 'found' | 'editedItems'>,
  shown: readonly number[],
  others: readonly number[] = [],
): Promise<Problem[]> {
  const all = new Set([...shown, ...[...document.editedItems].reverse(), ...others]);
  const items = [...all].slice(0, MOST_ITEMS);
  const problems: Problem[] = [];
  for (const item of items.sort((a, b) => a - b)) {
    const found = await document.found(item);
    if (found === null) continue;
    const { file, line, id, findings } = found;
    const name = id ?? `#${item + 1}`;
    for (const { code, severity, message, turn = null } of findings) {
      if (problems.length < MOST_PROBLEMS)
        problems.push({ code, severity, message, file, line, item, name, turn });
    }
  }
  return problems;
}
