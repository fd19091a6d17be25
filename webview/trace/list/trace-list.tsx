import { t } from '@vscode/l10n';
import { useEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { SortColumn } from '../../../src/trace/columns';
import { type ListQuery, type ListState, showsAll } from '../../../src/view/trace-list';
import { Icon } from '../../shared/icons';
import { Listbox } from '../../shared/listbox';
import { Splitter } from '../../shared/splitter';
import { Button } from '../../shared/toolkit';
import { useEditor } from '../edit/editor-context';
import { useHost } from '../host';
import { showTrace } from '../show-trace';
import { useSelect, useStore } from '../store';
import { ListFilters, unfiltered } from './list-filters';
import { ListHead } from './list-head';
import { ListRowView } from './list-row';
import { describeRow } from './list-words';
import { useList } from './use-list';

/** Who goes through the rows with the keys is shown the one where they rest so long, in milliseconds. */
const REST = 120;

/** Height of a row in CSS pixels. */
const ROW = 24;

const COLUMNS: readonly SortColumn[] = [
  ...(['source', 'type', 'turns', 'boxes', 'lines', 'revisions', 'correct', 'findings', 'edited'] as const),
];

/** All traces of the file, to choose from: sorted, filtered and searched. */
export function TraceList() {
  const open = useSelect(({ list, view }) => list.open && view !== null && (view.count > 1 || view.counting));
  return open ? <OpenList /> : null;
}

function OpenList() {
  const store = useStore();
  const { dispatch } = store;
  const host = useHost();
  const editor = useEditor();
  const query = useSelect(({ list }) => list.query);
  const height = useSelect(({ list }) => list.height);
  const { state, problem, row } = useList(query);
  const [cursor, setCursor] = useState<number | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  /** Where somebody is on the way to: whether they go on, wait for the row or for another trace, or it is being opened. */
  const goal = useRef<{ readonly place: number; readonly stage: 'going' | 'waiting' | 'opening' } | null>(
    null,
  );
  // Once the row is there, or nothing else is being opened, it goes on.
  useSelect(({ asking }) => asking);
  useEffect(() => {
    const waiting = goal.current?.stage === 'waiting' ? goal.current : null;
    const chosen = waiting === null ? null : row(waiting.place);
    if (waiting === null || chosen === null || store.state.asking !== null) return;
    const opening = { ...waiting, stage: 'opening' } as const;
    goal.current = opening;
    void showTrace(store, host, editor, chosen.index).then(() => {
      if (goal.current === opening) goal.current = null;
    });
  });
  // What is shown is where the cursor is, unless somebody is on the way to another row.
  useEffect(() => {
    if (state !== null && goal.current !== null && goal.current.place >= state.count) goal.current = null;
    if (goal.current === null) setCursor(state?.place ?? null);
  }, [state]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const [, goOn] = useReducer<number, void>((times) => times + 1, 0);
  const open = (place: number) => {
    clearTimeout(timer.current);
    setCursor(place);
    goal.current = { place, stage: 'waiting' };
    goOn();
  };
  const choose = (place: number) => {
    clearTimeout(timer.current);
    setCursor(place);
    goal.current = { place, stage: 'going' };
    timer.current = setTimeout(() => open(place), REST);
  };
  const change = (next: ListQuery) => {
    clearTimeout(timer.current);
    goal.current = null;
    dispatch({ type: 'list', list: { query: next } });
  };
  const count = state?.count ?? 0;
  const columns: readonly SortColumn[] = hasVerdicts(state) ? [...COLUMNS, 'verdict'] : COLUMNS;
  return (
    <>
      <section class="list-pane" aria-label={t('List of Traces')} style={{ height: `${height}px` }}>
        <ListFilters
          query={query}
          state={state}
          onChange={change}
          onClose={() => dispatch({ type: 'list', list: { open: false } })}
        />
        {problem !== null && (
          <p class="error" role="alert">
            {problem}
          </p>
        )}
        {isHidden(query, state) && (
          <p class="list-hidden" role="status" data-testid="list-hidden">
            <Icon name="filter" />
            <span class="notice-text">{t('The trace that is open is hidden by the filters.')}</span>
            <Button onClick={() => change(unfiltered(query))}>{t('Clear Filters')}</Button>
          </p>
        )}
        <ListHead query={query} columns={columns} onSort={(sort) => change({ ...query, sort })} />
        {count === 0 ? (
          <p class="empty">
            {state === null || state.reading ? t('Reading the file…') : t('No trace is like that.')}
          </p>
        ) : (
          <Listbox
            id="trace-list"
            label={t('List of Traces')}
            class="traces"
            count={count}
            estimate={ROW}
            selected={cursor !== null && cursor < count ? cursor : null}
            onSelect={choose}
            onOpen={open}
            nameOf={(place) => {
              const at = row(place);
              return at === null ? t('Trace') : describeRow(at);
            }}
            renderOption={(place) => <ListRowView row={row(place)} columns={columns} />}
          />
        )}
      </section>
      <Splitter
        label={t('Height of the list')}
        value={height}
        least={120}
        most={900}
        direction={1}
        horizontal
        onChange={(next) => dispatch({ type: 'list', list: { height: next } })}
      />
    </>
  );
}

/** Whether the filters hide the trace that is open; while rows are read or searched nobody knows. */
const isHidden = (query: ListQuery, state: ListState | null): boolean =>
  state !== null && state.place === null && !state.reading && state.searched === null && !showsAll(query);

const hasVerdicts = (state: ListState | null): boolean =>
  state?.facets.verdict.some(({ value }) => value !== 'pending') ?? false;
