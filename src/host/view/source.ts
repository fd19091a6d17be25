import type { TraceHistory } from '../../dataset/overlay/trace-history';
import type { Immutable } from '../../protocol/contract';
import type { Listeners } from '../../shared/listeners';
import type { Change } from '../../trace/edit/change';
import type { SpokenTurn, Trace } from '../../trace/trace';
import type { Verdict } from '../../trace/verdict';
import type { ListQuery, ListRow, ListState } from '../../view/trace-list';
import type { RunState, ViewState } from '../../view/trace-view';
import type { PartPlace, Why } from '../../view/verdict';
import type { DataDocument } from '../files/data-document';
import type { Run } from '../run/run';
import type { Subject } from './trace-images';

/** What happens to what a view shows. */
export type SourceEvent =
  /** It is another one now, or much of it has changed: the view asks for all of it. */
  | { readonly type: 'changed' }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'turn'; readonly spoken: SpokenTurn }
  | { readonly type: 'prefill'; readonly done: number; readonly total: number }
  | { readonly type: 'run'; readonly state: RunState }
  | { readonly type: 'count'; readonly count: number; readonly counting: boolean }
  /** The list of traces may be another. */
  | { readonly type: 'list' };

/** All that a view shows, but for what the user may do. */
export type SourceState = Immutable<Omit<ViewState, 'abilities'>>;

/** What can be done to a trace that can be edited. */
export interface TraceEdits {
  /** Changes the trace that is shown and lets it be known. Throws errors for people, as where the changes do not fit. */
  edit(label: string, changes: readonly Change[]): Promise<void>;
  /** Takes marks away that somebody looked at. */
  acceptMarks(keys: readonly string[]): Promise<void>;
  /** All that was done to the trace that is shown. Throws errors for people. */
  history(): Promise<TraceHistory>;
}

/** The list of a file's traces, as one view shows it. */
export interface SourceList {
  /** Shows other rows from now on. */
  query(query: ListQuery): ListState;
  /** Some of them, by their places. */
  rows(from: number, count: number): ListRow[];
  /** The number of the trace after or before number `index`, as the list goes; null at its end. */
  neighbour(index: number, by: 1 | -1): number | null;
  /** All that answer the same question as number `index`, as far as they were read. */
  candidates(index: number): ListRow[];
  /** The trace at place `index` as it is now; null where there is none. Throws errors for people. */
  trace(index: number): Promise<ListedTrace | null>;
  /** The same, for those who make images of it. */
  subject(index: number): Promise<Subject | null>;
}

/** A trace of a list that is not the one that is shown. */
export interface ListedTrace {
  readonly trace: Trace;
  /** As that of a trace that is shown. */
  readonly key: string;
  readonly edited: boolean;
  readonly verdict: ViewState['shown']['verdict'];
}

/**
 * What can be said of a trace that can be judged. What had to be mended in the overlay first is given, for people. Failures
 * are errors for people.
 */
export interface TraceVerdicts {
  /** Says what the user thinks of the trace that is shown, or of a part of it alone, and why, and lets it be known. */
  judge(verdict: Verdict, why: Why, part: PartPlace | null): Promise<string | null>;
  /** Takes back what the user said last of it or of a part of it. */
  undo(): Promise<string | null>;
}

/** Where a view has its traces from. */
export interface TraceSource {
  readonly events: Listeners<SourceEvent>;
  /** The run whose trace it is, if it is one of this window. */
  readonly run: Run | null;
  /** The data file that its traces are in; null if they are in none that is open. */
  readonly document: DataDocument | null;
  /** Whether its trace is in no file that the user knows of. */
  readonly canSave: boolean;
  /** Whether it is a file of questions without traces; left out where it cannot be. */
  readonly holdsQuestions?: boolean;
  /** Null where nothing can be edited. */
  readonly edits: TraceEdits | null;
  /** Null where there is but one trace. */
  readonly list: SourceList | null;
  /** Null where nothing can be judged. */
  readonly verdicts: TraceVerdicts | null;
  /** Of the trace that is chosen now, as `state` and `subject` will give it when they are called now. */
  readonly revision: number;
  state(): Promise<SourceState>;
  /** Shows another trace of several. */
  select(index: number): Promise<void>;
  /** Number of the trace that is shown. */
  readonly index: number;
  /** The trace that is shown, for those who make images of it; null where a line is no trace. */
  subject(): Promise<Subject | null>;
  dispose(): void;
}
