import { setTimeout as sleep } from 'node:timers/promises';
import { refKey, type TraceRef } from '../../dataset/overlay/edit-event';
import type { TableJob } from '../../dataset/table/start-table';
import type { TableView } from '../../dataset/table/table-view';
import { WHOLE } from '../../dataset/table/trace-table';
import {
  type ListQuery,
  type ListRow,
  type ListState,
  MOST_ROWS,
  showsAll,
  WHOLE_LIST,
} from '../../view/trace-list';
import type { ListedTrace, SourceList } from '../view/source';
import type { Subject } from '../view/trace-images';
import { type DocumentTable, REST } from './document-table';
import { subjectOf } from './file-subject';
import { neighbourIn } from './neighbour';

/** Between two words of news, in milliseconds: each makes the view ask for the list again. */
const NEWS = 1000;
/** The same at first, until it has doubled to that: whoever opens a list, or begins a review, waits for its first rows. */
const FIRST_NEWS = 50;

/** What tells an item from all others of its file: its name, which stays as its place changes, or else its place. */
export const itemKey = (ref: TraceRef | null, index: number): string =>
  ref === null ? `#${index}` : refKey(ref);

/** The list of a file's traces as one view shows it: filtered, ordered and searched as its user likes. */
export class TraceList implements SourceList {
  private asked: ListQuery = WHOLE_LIST;
  /** Null where it must be made anew. */
  private view: TableView | null = null;
  private search: {
    readonly text: string;
    readonly job: TableJob;
    found: Set<number>;
    done: number | null;
  } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pace = FIRST_NEWS;
  private isOver = false;
  private readonly leave: () => void;

  constructor(
    private readonly all: DocumentTable,
    /** Number of the trace that the view shows. */
    private readonly shown: () => number,
    private readonly onNews: () => void,
  ) {
    this.leave = all.changed.add(() => this.hear());
  }

  query(query: ListQuery): ListState {
    const { all } = this;
    all.start();
    this.asked = query;
    this.view = null;
    if (all.table.count === 0) this.pace = FIRST_NEWS;
    this.searchFor(query.search.trim());
    const { order, facets } = this.current();
    const { count, counting } = all.document.counts;
    const place = order.indexOf(this.shown());
    return {
      ...{ count: order.length, read: all.table.count, total: count, facets },
      reading: counting || all.reading,
      searched: this.search === null ? null : this.search.done,
      shown: this.shown(),
      place: place < 0 ? null : place,
      agreement: all.agreement,
      problem: all.problem,
    };
  }

  rows(from: number, count: number): ListRow[] {
    const order = this.current().order.subarray(from, from + Math.min(count, MOST_ROWS));
    return [...order].flatMap((index) => {
      const row = this.all.table.row(index);
      return row === null ? [] : [row];
    });
  }

  neighbour(index: number, by: 1 | -1): number | null {
    if (this.asked.sort === null && showsAll(this.asked)) {
      const next = index + by;
      return next >= 0 && next < this.all.document.counts.count ? next : null;
    }
    return neighbourIn(this.current().order, index, by, { rising: this.asked.sort === null });
  }

  candidates(index: number): ListRow[] {
    const { table } = this.all;
    this.all.start();
    return table
      .sameQuestion(index)
      .slice(0, MOST_ROWS)
      .flatMap((one) => table.row(one) ?? []);
  }

  async trace(index: number): Promise<ListedTrace | null> {
    const item = await this.all.document.shown(index);
    if (item === null || item.trace === null) return null;
    const { trace, ref, edits, verdict } = item;
    return { trace, key: itemKey(ref, index), edited: edits?.edited ?? false, verdict };
  }

  async subject(index: number): Promise<Subject | null> {
    this.rest();
    const trace = (await this.all.document.shown(index))?.trace ?? null;
    return trace && subjectOf(trace, this.all.document);
  }

  /** Lets a person who waits for a trace have it before the list goes on. */
  rest(): void {
    this.all.rest();
    this.search?.job.rest(REST);
  }

  dispose(): void {
    this.isOver = true;
    clearTimeout(this.timer);
    this.leave();
    void this.search?.job.stop();
  }

  private current(): TableView {
    const { sort, filters, slice } = this.asked;
    const matches = this.search?.found ?? null;
    this.view ??= this.all.table.view({ ...WHOLE, sort, filters, slice, matches });
    return this.view;
  }

  private searchFor(text: string): void {
    if ((this.search?.text ?? '') === text) return;
    void this.search?.job.stop();
    this.search = null;
    if (text === '') return;
    const job = this.all.startTable(this.all.document.tableOrder(text), (report) => {
      if (report.type !== 'matches' || this.search !== search) return;
      for (const index of report.found) search.found.add(index);
      search.done = report.done;
      this.hear();
    });
    const search = { text, job, found: new Set<number>(), done: 0 as number | null };
    this.search = search;
    void job.done.then(async () => {
      search.done = null;
      if (this.search === search) this.hear();
      await job.stop();
    });
  }

  private hear(): void {
    this.view = null;
    this.timer ??= setTimeout(() => void this.tellNews(), this.pace);
  }

  private async tellNews(): Promise<void> {
    // Once, lest who goes through traces quickly never hears of it.
    if (this.all.reading) await sleep(this.all.resting.left);
    this.timer = undefined;
    this.pace = Math.min(2 * this.pace, NEWS);
    if (!this.isOver) this.onNews();
  }
}
