import { t } from '@vscode/l10n';
import type { SortColumn } from '../../../src/trace/columns';
import { type ListQuery, type ListState, showsAll } from '../../../src/view/trace-list';
import { Icon } from '../../shared/icons';
import { Listbox } from '../../shared/listbox';
import { Splitter } from '../../shared/splitter';
import { Button } from '../../shared/toolkit';
import { useSelect, useStore } from '../store';
import { ListFilters, unfiltered } from './list-filters';
import { ListHead } from './list-head';
import { ListRowView } from './list-row';
import { describeRow } from './list-words';
import { useLiveList } from './live-list';
import { useCursor } from './use-cursor';
import { usePointed } from './use-pointed';

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
  const query = useSelect(({ list }) => list.query);
  const index = useSelect(({ view }) => view?.index);
  const height = useSelect(({ list }) => list.height);
  const { state, problem, row } = useLiveList();
  const { cursor, choose, open, stay } = useCursor(state, row);
  const point = usePointed(row);
  const change = (next: ListQuery) => {
    stay();
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
        {isHidden(query, state, index) && (
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
            onPoint={point}
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

/** Whether the filters hide the trace that is open; while rows are read or searched, or the list is asked for, nobody knows. */
const isHidden = (query: ListQuery, state: ListState | null, index: number | undefined): boolean =>
  state?.shown === index &&
  state?.place === null &&
  !state.reading &&
  state.searched === null &&
  !showsAll(query);

const hasVerdicts = (state: ListState | null): boolean =>
  state?.facets.verdict.some(({ value }) => value !== 'pending') ?? false;
