import { useEffect, useRef, useState } from 'preact/hooks';
import type { ListState } from '../../../src/view/trace-list';
import { useEditor } from '../edit/editor-context';
import { useHost } from '../host';
import { showTrace } from '../show-trace';
import { useSelect, useStore } from '../store';
import type { LiveList } from './use-list';

/** Who presses a key again within so long, in milliseconds, is on the way: the row where they rest is shown. */
const REST = 120;

/** A row that is not there yet, or comes while another trace is being opened, is tried again after so long. */
const AGAIN = 20;

/** The row of the list that is chosen: that of the trace that is shown, unless somebody is on the way to another. */
export interface Cursor {
  readonly cursor: number | null;
  /** Chooses the row at a place; its trace is shown at once, or where one comes to rest. */
  choose(place: number): void;
  /** Shows the trace of the row at a place at once. */
  open(place: number): void;
  /** Goes nowhere any more, as where the list becomes another. */
  stay(): void;
}

export function useCursor(state: ListState | null, row: LiveList['row']): Cursor {
  const store = useStore();
  const host = useHost();
  const editor = useEditor();
  const shown = useSelect(({ view }) => view?.index ?? null);
  const [cursor, setCursor] = useState<number | null>(null);
  const goal = useRef<number | null>(null);
  const lastChosen = useRef(Number.NEGATIVE_INFINITY);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latestRow = useRef(row);
  latestRow.current = row;
  useEffect(() => {
    // What the list says of a trace that was shown before comes late.
    if (goal.current === null && state !== null && state.shown === shown) setCursor(state.place);
  }, [state, shown]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const later = (milliseconds: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(go, milliseconds);
  };
  const go = () => {
    const place = goal.current;
    if (place === null) return;
    const chosen = latestRow.current(place);
    if (chosen === null || store.state.asking !== null) {
      later(AGAIN);
      return;
    }
    void showTrace(store, host, editor, chosen.index).then(() => {
      if (goal.current === place) goal.current = null;
    });
  };
  const head = (place: number, rest: number) => {
    setCursor(place);
    goal.current = place;
    lastChosen.current = performance.now();
    clearTimeout(timer.current);
    if (rest === 0) go();
    else later(rest);
  };
  return {
    cursor,
    choose: (place) => head(place, performance.now() - lastChosen.current > REST ? 0 : REST),
    open: (place) => head(place, 0),
    stay: () => {
      clearTimeout(timer.current);
      goal.current = null;
    },
  };
}
