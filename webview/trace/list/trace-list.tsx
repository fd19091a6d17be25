import { t } from '@vscode/l10n';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { SortColumn } from '../../../src/trace/columns';
import { Listbox } from '../../shared/listbox';
import { Splitter } from '../../shared/splitter';
import { useEditor } from '../edit/editor-context';
import { useHost } from '../host';
import { showTrace } from '../show-trace';
import { useSelect, useStore } from '../store';
import { ListFilters } from './list-filters';
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
  // What is shown is where the cursor is, unless somebody is on the way to another row.
  useEffect(() => setCursor(state?.place ?? null), [state]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const choose = (place: number) => {
    setCursor(place);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const chosen = row(place);
      if (chosen !== null) void showTrace(store, host, editor, chosen.index);
    }, REST);
  };
  const count = state?.count ?? 0;
  const columns: readonly SortColumn[] = hasVerdicts(state) ? [...COLUMNS, 'verdict'] : COLUMNS;
  return (
    <>
      <section class="list-pane" aria-label={t('List of Traces')} style={{ height: `${height}px` }}>
        <ListFilters
          query={query}
          state={state}
          onChange={(next) => dispatch({ type: 'list', list: { query: next } })}
          onClose={() => dispatch({ type: 'list', list: { open: false } })}
        />
        {problem !== null && (
          <p class="error" role="alert">
            {problem}
          </p>
        )}
        <ListHead
          query={query}
          columns={columns}
          onSort={(sort) => dispatch({ type: 'list', list: { query: { ...query, sort } } })}
        />
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

const hasVerdicts = (state: ReturnType<typeof useList>['state']): boolean =>
  state?.facets.verdict.some(({ value }) => value !== 'pending') ?? false;
