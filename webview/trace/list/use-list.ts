import { useEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import type { ListQuery, ListRow, ListState } from '../../../src/view/trace-list';
import { explain } from '../../shared/explain';
import { useHost } from '../host';
import { PAINTED } from '../painted';
import { useSelect } from '../store';

/** Rows that are asked for together. */
const PAGE = 100;

/** The list as the host has it, of which rows are fetched as they are looked at. */
export interface LiveList {
  /** Null until the host has answered. */
  readonly state: ListState | null;
  /** Whether that is what is asked for now: until the host has answered, what was asked for before stays in sight. */
  readonly isCurrent: boolean;
  readonly problem: string | null;
  /** The row at a place; null while it is being fetched. */
  row(place: number): ListRow | null;
}

/** Shows what `query` asks for, nothing for null; asks again when there is news. */
export function useList(query: ListQuery | null): LiveList {
  const host = useHost();
  const news = useSelect(({ list }) => list.news);
  const revision = useSelect(({ view, document }) => `${view?.index} ${document?.key}`);
  const edits = useSelect((state) => state.edits);
  const [shown, setShown] = useState<{ readonly query: ListQuery; readonly state: ListState } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  /** What the list was asked for last. */
  const asked = useRef<readonly unknown[]>([]);
  const [fetched, countFetched] = useReducer<number, void>((count) => count + 1, 0);
  /** Pages of rows, of one answer of the host's; those of the answer before stay in sight until they are replaced. */
  const pages = useRef({ answer: 0, rows: new Map<number, readonly ListRow[]>(), asked: new Set<number>() });

  useEffect(() => {
    if (query === null) {
      setShown(null);
      return;
    }
    let isLatest = true;
    const ask = () =>
      host.list(query).then(
        (answer) => {
          if (!isLatest) return;
          pages.current = { answer: pages.current.answer + 1, rows: pages.current.rows, asked: new Set() };
          setProblem(answer.problem);
          setShown({ query, state: answer });
        },
        (error) => isLatest && setProblem(explain(error)),
      );
    // Where nothing but another trace was chosen, that comes first.
    const [before, now] = [asked.current, [query, news, edits]];
    asked.current = now;
    const isSame = now.every((one, i) => one === before[i]);
    const timer = setTimeout(ask, isSame ? PAINTED : 0);
    return () => {
      isLatest = false;
      clearTimeout(timer);
    };
  }, [host, query, news, revision, edits]);

  const fetch = (page: number) => {
    const { answer, asked } = pages.current;
    if (asked.has(page)) return;
    asked.add(page);
    host.rows(page * PAGE, PAGE).then(
      (rows) => {
        if (pages.current.answer !== answer) return;
        pages.current.rows.set(page, rows);
        countFetched();
      },
      (error) => setProblem(explain(error)),
    );
  };
  return useMemo(
    () => ({
      state: shown?.state ?? null,
      isCurrent: shown?.query === query,
      problem,
      row: (place: number) => {
        const page = Math.floor(place / PAGE);
        fetch(page);
        return pages.current.rows.get(page)?.[place % PAGE] ?? null;
      },
    }),
    [host, shown, query, problem, fetched],
  );
}
