import { hasPlace } from '../../dataset/overlay/replay';
import type { HistoryEntry, TraceHistory } from '../../dataset/overlay/trace-history';
import type { Change } from '../../trace/edit/change';
import type { Trace } from '../../trace/trace';
import type { HistoryDetail, HistoryEntryView, PastTrace } from '../../view/trace-history';
import { endedLineage, limitsOf, toView } from './shown';
import type { TraceSource } from './source';
import type { Subject } from './trace-images';

/** What a view asks of the history of the trace that it shows. Failures are errors for people. */
export class PastTraces {
  /** Made once as long as nothing changes: a view asks for many images of one history. */
  private known: { readonly revision: number; readonly history: Promise<TraceHistory> } | null = null;

  constructor(private readonly source: Pick<TraceSource, 'edits' | 'revision' | 'subject'>) {}

  /** All edits, the newest first. One that has no place in their order stands where it was made by the clock. */
  async list(): Promise<HistoryEntryView[]> {
    const { entries } = await this.history();
    const last = entries.findLast(({ applied }) => applied);
    const labels = new Map(entries.map(({ event }) => [event.id, event.label]));
    return inOrder(entries)
      .toReversed()
      .map((entry): HistoryEntryView => {
        const { id, label, who, at, undoes } = entry.event;
        return {
          ...{ id, label, who, at, saved: entry.saved, isLast: entry === last },
          state: entry.applied ? (entry.undone ? 'undone' : 'applied') : 'not-applied',
          undoes: undoes === undefined ? null : (labels.get(undoes) ?? null),
          reason: entry.reason,
          afterGap: entry.code === 'missing-parent',
        };
      });
  }

  /** What an edit did; of the original (null), how it differs from the trace as it is now. */
  async detail(id: string | null): Promise<HistoryDetail> {
    const history = await this.history();
    const { now, original } = history;
    if (id === null) {
      const changes = history.restore(-1);
      return { traces: sides(now, original), changes, isNow: changes.length === 0 };
    }
    const { place, entry } = entryOf(history, id);
    const { changes } = entry.event;
    const around = history.around(place);
    if (around === null) return { traces: null, changes, isNow: false };
    const isNow = history.restore(place).length === 0;
    return { traces: sides(around.before, around.after), changes, isNow };
  }

  /** The trace of that moment, for those who make images of it; null where there is no trace. */
  async subject({ entry: id, side }: PastTrace): Promise<Subject | null> {
    const history = await this.history();
    const now = await this.source.subject();
    const { now: before, original: after } = history;
    const around = id === null ? { before, after } : history.around(entryOf(history, id).place);
    const trace = around?.[side];
    if (now === null || trace === undefined) return null;
    return { ...now, trace, lineage: endedLineage(trace), limits: limitsOf(trace) };
  }

  /**
   * What makes the trace what it was right after an edit, or the original (null); nothing if it is that already. `of` is what
   * the edit is called.
   */
  async restoring(
    id: string | null,
  ): Promise<{ readonly of: string | null; readonly changes: readonly Change[] }> {
    const history = await this.history();
    if (id === null) return { of: null, changes: history.restore(-1) };
    const { place, entry } = entryOf(history, id);
    return { of: entry.event.label, changes: history.restore(place) };
  }

  private history(): Promise<TraceHistory> {
    const { edits, revision } = this.source;
    if (edits === null) throw new Error('This trace cannot be edited.');
    if (this.known?.revision !== revision) this.known = { revision, history: edits.history() };
    return this.known.history;
  }
}

const sides = (before: Trace, after: Trace) => ({ before: toView(before), after: toView(after) });

function entryOf(history: TraceHistory, id: string) {
  const place = history.placeOf(id);
  const entry = place === undefined ? undefined : history.entries[place];
  if (place === undefined || entry === undefined) {
    throw new Error('The edit is not in the history any more.');
  }
  return { place, entry };
}

/** Puts those that have no place in the order, which are last, before the first that is younger. */
function inOrder(entries: readonly HistoryEntry[]): HistoryEntry[] {
  const ordered = entries.filter(hasPlace);
  for (const entry of entries) {
    if (hasPlace(entry)) continue;
    const younger = ordered.findIndex(({ event }) => Date.parse(event.at) > Date.parse(entry.event.at));
    ordered.splice(younger < 0 ? ordered.length : younger, 0, entry);
  }
  return ordered;
}
