import type { SortColumn } from '../../trace/columns';
import type { QuestionType } from '../../trace/trace';
import type { Verdict } from '../../trace/verdict';
import { CodedColumn } from './coded-column';

/** What a row has in each column, as it stands: with its edits. */
export interface Cells {
  readonly source: string;
  readonly type: QuestionType | null;
  readonly turns: number;
  readonly boxes: number;
  readonly lines: number;
  readonly revisions: number;
  readonly correct: boolean | null;
  /** Codes of what was found, each once, sorted. */
  readonly findings: readonly string[];
  readonly edited: boolean;
  readonly verdict: Verdict;
}

export type TableColumns = { readonly [C in SortColumn]: CodedColumn<Cells[C]> };

/** Empty columns, which know what of a cell is filtered and sorted by: see `FILTER_COLUMNS`. */
export function newColumns(): TableColumns {
  const numbers = (valuesOf: (cell: number) => string) =>
    new CodedColumn<number>(
      String,
      (cell) => [valuesOf(cell)],
      (cell) => cell,
    );
  const names = <T extends string | null>() =>
    new CodedColumn<T>(
      (cell) => cell ?? '',
      (cell) => (cell === null ? [] : [cell]),
      (cell) => cell ?? '',
    );
  return {
    source: names<string>(),
    type: names<QuestionType | null>(),
    turns: numbers(String),
    boxes: numbers(String),
    lines: numbers(String),
    revisions: numbers((count) => (count > 0 ? 'some' : 'none')),
    correct: new CodedColumn<boolean | null>(String, (cell) => [correctness(cell)], correctness),
    findings: codeLists(),
    edited: new CodedColumn<boolean>(String, (cell) => [cell ? 'edited' : 'unedited'], Number),
    verdict: names<Verdict>(),
  };
}

/** A column of lists of codes of findings, sorted by how many there are. */
export function codeLists(): CodedColumn<readonly string[]> {
  return new CodedColumn<readonly string[]>(
    (codes) => codes.join(),
    (codes) => (codes.length === 0 ? ['none'] : codes),
    ({ length }) => length,
  );
}

const correctness = (correct: boolean | null): string =>
  correct === null ? 'unknown' : correct ? 'right' : 'wrong';
