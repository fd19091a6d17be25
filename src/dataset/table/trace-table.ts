import { SORT_COLUMNS } from '../../trace/columns';
import type { Verdict } from '../../trace/verdict';
import { CodedColumn } from './coded-column';
import { Growing } from './growing';
import type { ItemRow } from './item-row';
import { isInSlice } from './slice';
import { type Cells, codeLists, newColumns } from './table-columns';
import type { TableQuery } from './table-query';
import { type TableView, viewOf } from './table-view';

/** What becomes of an item besides what its file says. */
export interface RowState {
  /** The row of the trace with its edits; null where there are none. */
  readonly edited: Omit<ItemRow, 'line' | 'hash' | 'fileCodes'> | null;
  readonly verdict: Verdict;
}

/** A row as it stands: with its edits. */
export interface TableRow extends Omit<Cells, 'findings'> {
  /** From 0. */
  readonly index: number;
  readonly line: number;
  /** Null where the item is no trace. */
  readonly id: string | null;
  readonly name: string;
  readonly codes: readonly string[];
}

/** A query that shows everything in the order of the file. */
export const WHOLE: TableQuery = { sort: null, filters: {}, slice: null, matches: null };

/** What of a row its edits and its verdict may change. */
interface Standing extends Cells {
  readonly id: string | null;
  readonly name: string;
}

/** The rows of a data file, in its order. Cells that many share are held once. */
export class TraceTable {
  private readonly ids: (string | null)[] = [];
  private readonly names: string[] = [];
  private readonly lineNumbers = new Growing();
  private readonly columns = newColumns();
  /** What its file says of the question: edits of a trace leave it among the others that answer it. */
  private readonly questions = new CodedColumn<string>(
    (key) => key,
    (key) => [key],
    (key) => key,
  );
  /** Of each row, what edits cannot mend. */
  private readonly fileCodes = codeLists();
  /** Of rows that have a state, how they are without it. */
  private readonly originals = new Map<number, Standing>();
  /** The number of the item with a text; of all of them, where several have the same. */
  private readonly byHash = new Map<string, number | number[]>();

  get count(): number {
    return this.ids.length;
  }

  /** The next items of the file. */
  append(rows: readonly ItemRow[]): void {
    for (const { line, hash, id, name, questionKey, fileCodes, traceCodes, ...cells } of rows) {
      const index = this.ids.push(id) - 1;
      this.names.push(name);
      this.lineNumbers.push(line);
      this.fileCodes.push(fileCodes);
      this.questions.push(questionKey);
      const { columns } = this;
      columns.source.push(cells.source);
      columns.type.push(cells.type);
      columns.turns.push(cells.turns);
      columns.boxes.push(cells.boxes);
      columns.lines.push(cells.lines);
      columns.revisions.push(cells.revisions);
      columns.correct.push(cells.correct);
      columns.findings.push(union(fileCodes, traceCodes));
      columns.edited.push(false);
      columns.verdict.push('pending');
      const twins = this.byHash.get(hash);
      if (twins === undefined) this.byHash.set(hash, index);
      else if (typeof twins === 'number') this.byHash.set(hash, [twins, index]);
      else twins.push(index);
    }
  }

  /** The number of the item with that text before which so many others have the same; undefined if it is not there (yet). */
  find({ hash, occurrence }: { readonly hash: string; readonly occurrence: number }): number | undefined {
    const found = this.byHash.get(hash);
    return typeof found === 'number' ? (occurrence === 0 ? found : undefined) : found?.[occurrence];
  }

  /** In place of all states that were set before. Those of rows that are not there say nothing. */
  setStates(states: ReadonlyMap<number, RowState>): void {
    for (const [index, original] of this.originals) this.stand(index, original);
    this.originals.clear();
    for (const [index, { edited, verdict }] of states) {
      if (index >= this.count) continue;
      const original = this.standing(index);
      this.originals.set(index, original);
      if (edited === null) {
        this.stand(index, { ...original, verdict });
        continue;
      }
      const { traceCodes, questionKey: _, ...said } = edited;
      const findings = union(this.fileCodes.at(index), traceCodes);
      this.stand(index, { ...said, findings, edited: true, verdict });
    }
  }

  row(index: number): TableRow | null {
    if (index >= this.count) return null;
    const { findings, ...cells } = this.standing(index);
    return { ...cells, index, line: this.lineNumbers.get(index), codes: findings };
  }

  view(query: TableQuery): TableView {
    const { slice } = query;
    if (slice === null) return viewOf(this.columns, this.count, query, () => false);
    const codes = this.questions.codes.all();
    const isIn = this.questions.values().map(([key = '']) => isInSlice(key, slice));
    return viewOf(this.columns, this.count, query, (index) => isIn[codes[index] ?? 0] !== true);
  }

  /** The numbers of all traces that answer the question of number `index`, itself among them. */
  sameQuestion(index: number): number[] {
    if (index >= this.count || this.ids[index] === null) return [];
    const codes = this.questions.codes.all();
    const code = codes[index];
    const same: number[] = [];
    for (let other = 0; other < codes.length; other++) if (codes[other] === code) same.push(other);
    return same;
  }

  private standing(index: number): Standing {
    const { columns } = this;
    return {
      id: this.ids[index] ?? null,
      name: this.names[index] ?? '',
      source: columns.source.at(index),
      type: columns.type.at(index),
      turns: columns.turns.at(index),
      boxes: columns.boxes.at(index),
      lines: columns.lines.at(index),
      revisions: columns.revisions.at(index),
      correct: columns.correct.at(index),
      findings: columns.findings.at(index),
      edited: columns.edited.at(index),
      verdict: columns.verdict.at(index),
    };
  }

  private stand(index: number, { id, name, ...cells }: Standing): void {
    this.ids[index] = id;
    this.names[index] = name;
    const set = <C extends keyof Cells>(column: C) => {
      this.columns[column].set(index, cells[column]);
    };
    for (const column of SORT_COLUMNS) set(column);
  }
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return a.length === 0 ? b : b.length === 0 ? a : [...new Set([...a, ...b])].sort();
}
