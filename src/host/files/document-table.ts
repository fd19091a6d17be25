import { setImmediate } from 'node:timers/promises';
import type { TraceRef } from '../../dataset/overlay/edit-event';
import { refKey } from '../../dataset/overlay/edit-event';
import type { PairCount } from '../../dataset/report/agreement';
import { describeTrace } from '../../dataset/table/item-row';
import type { StartTable, TableJob } from '../../dataset/table/start-table';
import { type RowState, TraceTable } from '../../dataset/table/trace-table';
import { Listeners } from '../../shared/listeners';
import { Rest } from '../../shared/rest';
import type { DataDocument } from './data-document';

/** What was edited is looked at this long after it was, in milliseconds: an edit is often followed by others. */
const SETTLE = 150;
/** What goes through all items stands still so long, in milliseconds, where somebody waits for one of them. */
export const REST = 300;

/** A trace that was edited or judged, as the list has it. */
interface Known {
  /** What was done to it last when it was looked at: see `touchedRefs`. */
  readonly last: string;
  readonly state: RowState | null;
}

/**
 * The rows of a data file that is open, made in the background when somebody first asks for them. They follow edits, and are made
 * anew when the file changes.
 */
export class DocumentTable {
  /** Told when there are more rows, or others. */
  readonly changed = new Listeners<void>();
  table = new TraceTable();
  /** Why not all rows can be made, in words; null if they can. */
  problem: string | null = null;
  /** Of the traces that it has: see `countPairs`. */
  agreement: PairCount = { pairs: 0, agreed: 0 };
  /** While it lasts no rows are made. */
  readonly resting = new Rest();
  private job: TableJob | null = null;
  private generation = -1;
  private readonly known = new Map<string, Known>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly leave: () => void;

  constructor(
    readonly document: DataDocument,
    readonly startTable: StartTable,
  ) {
    this.leave = document.changed.add(() => this.follow());
  }

  /** Whether rows are still being made. */
  get reading(): boolean {
    return this.job !== null;
  }

  /** Begins to make the rows, unless they are being made, or are there. */
  start(): void {
    if (this.generation === this.document.generation) return;
    this.generation = this.document.generation;
    void this.job?.stop();
    this.table = new TraceTable();
    this.problem = null;
    const { table } = this;
    const job = this.startTable(this.document.tableOrder(null), (report) => {
      if (report.type !== 'rows' || this.table !== table) return;
      table.append(report.rows);
      this.changed.tell();
    });
    this.job = job;
    void job.done.then(async (problem) => {
      if (this.job !== job) return;
      this.job = null;
      this.problem = problem;
      await job.stop();
      await this.lookAtEdits();
      this.changed.tell();
    });
  }

  /** Lets a person who waits for a trace have it first. */
  rest(): void {
    this.resting.begin(REST);
    this.job?.rest(REST);
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    this.leave();
    const { job } = this;
    this.job = null;
    await job?.stop();
  }

  private follow(): void {
    if (this.generation < 0) return;
    this.start();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.lookAtEdits().then(() => this.changed.tell()), SETTLE);
  }

  /** Makes the rows of edited and judged traces anew, of those where something was done since. */
  private async lookAtEdits(): Promise<void> {
    const { document, table } = this;
    const states = new Map<number, RowState>();
    let [pairs, agreed] = [0, 0];
    for (const [i, { ref, hasEdits, last, agreement }] of document.touchedRefs().entries()) {
      // Others have their turn too.
      if (i % 500 === 499) await setImmediate();
      const index = table.find(ref);
      if (index === undefined) continue;
      pairs += agreement.pairs;
      agreed += agreement.agreed;
      const key = refKey(ref);
      const known = this.known.get(key);
      const state = known?.last === last ? known.state : await this.stateOf(ref, index, hasEdits);
      this.known.set(key, { last, state });
      if (state !== null) states.set(index, state);
    }
    if (this.table !== table) return;
    this.agreement = { pairs, agreed };
    table.setStates(states);
  }

  /** Null where nothing is left of what was done. A trace that cannot be read now is shown as it is in the file. */
  private async stateOf(ref: TraceRef, index: number, hasEdits: boolean): Promise<RowState | null> {
    const { document } = this;
    const trace = hasEdits ? await document.editedTrace(ref, index).catch(() => null) : null;
    const verdict = (await document.verdictOf(ref).catch(() => null))?.verdict ?? 'pending';
    if (trace === null && verdict === 'pending') return null;
    return { edited: trace && describeTrace(trace), verdict };
  }
}
