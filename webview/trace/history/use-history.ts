import { useEffect, useState } from 'preact/hooks';
import { withDerived } from '../../../src/trace/derive';
import type { Change } from '../../../src/trace/edit/change';
import type { Trace } from '../../../src/trace/trace';
import type { HistoryEntryView } from '../../../src/view/trace-history';
import { explain } from '../../shared/explain';
import { useHost } from '../host';
import type { TraceDocument } from '../model/trace-document';

/** What was asked for: null until it is there, or why it cannot be had. */
export interface Answer<T> {
  readonly value: T | null;
  readonly failure: string | null;
}

/** The edits of a trace, the newest first. */
export interface History {
  /** The trace as it was shown when they were asked for. */
  readonly document: TraceDocument;
  readonly entries: readonly HistoryEntryView[];
}

/** What an edit did. */
export interface Detail {
  readonly document: TraceDocument;
  /** Null for the original. */
  readonly id: string | null;
  /** With their derived fields; null where the edit does not fit. */
  readonly traces: { readonly before: Trace; readonly after: Trace } | null;
  readonly changes: readonly Change[];
  readonly isNow: boolean;
}

/** The history of the trace that is shown; asked for anew when that is another, and until then what it was before. */
export function useHistory(document: TraceDocument): Answer<History> {
  const host = useHost();
  return useAnswer(async () => {
    const entries = await host.history(document.revision);
    return entries && { document, entries };
  }, [document]);
}

/** What the edit `id` of a history did, or how the original (null) differs from what is now. */
export function useDetail(history: History | null, id: string | null): Answer<Detail> {
  const host = useHost();
  return useAnswer(async () => {
    const detail = history && (await host.historyEntry(history.document.revision, id));
    if (history === null || detail === null) return null;
    const { traces, changes, isNow } = detail;
    return {
      ...{ document: history.document, id, changes, isNow },
      traces: traces && { before: withDerived(traces.before), after: withDerived(traces.after) },
    };
  }, [history, id]);
}

/** Asks again when an input is another one; null as an answer says that another input is about to come. */
function useAnswer<T>(ask: () => Promise<T | null>, inputs: readonly unknown[]): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({ value: null, failure: null });
  useEffect(() => {
    let wanted = true;
    ask().then(
      (value) => {
        if (wanted && value !== null) setAnswer({ value, failure: null });
      },
      (error) => {
        if (wanted) setAnswer({ value: null, failure: explain(error) });
      },
    );
    return () => {
      wanted = false;
    };
  }, [...inputs]);
  return answer;
}
