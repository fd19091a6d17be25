import { t } from '@vscode/l10n';
import { useEffect, useRef, useState } from 'preact/hooks';
import { FILTER_COLUMNS, type FilterColumn } from '../../../src/trace/columns';
import { type ListQuery, type ListState, showsAll, WHOLE_LIST } from '../../../src/view/trace-list';
import { IconButton } from '../../shared/icon-button';
import { Menu, type MenuItem } from '../../shared/menu';
import { formatCount } from '../model/numbers';
import { columnName, describeList, valueName } from './list-words';

interface FiltersProps {
  readonly query: ListQuery;
  readonly state: ListState | null;
  readonly onChange: (query: ListQuery) => void;
  readonly onClose: () => void;
}

/** Who types is left alone for so long before it is searched for, in milliseconds. */
const TYPING = 300;

/** What is shown of the list: the text that is searched for, a menu for each column that filters, and how many rows there are. */
export function ListFilters({ query, state, onChange, onClose }: FiltersProps) {
  return (
    <div class="bar list-bar" role="toolbar" aria-label={t('Filter')}>
      <SearchField value={query.search} onChange={(search) => onChange({ ...query, search })} />
      {FILTER_COLUMNS.map((column) => (
        <FilterMenu key={column} column={column} query={query} state={state} onChange={onChange} />
      ))}
      {!showsAll(query) && (
        <IconButton icon="close" label={t('Clear Filters')} onClick={() => onChange(unfiltered(query))} />
      )}
      <span class="quiet list-count" role="status" data-testid="list-count">
        {state === null ? '' : describeList(state)}
      </span>
      <IconButton icon="up" label={t('Hide List of Traces')} onClick={onClose} />
    </div>
  );
}

/** All traces, in the same order. */
export const unfiltered = ({ sort }: ListQuery): ListQuery => ({ ...WHOLE_LIST, sort });

const chosenIn = ({ filters }: ListQuery, column: FilterColumn): readonly string[] => filters[column];

/** Most values that a menu offers; the most frequent ones. */
const MOST_VALUES = 40;

function FilterMenu({
  column,
  query,
  state,
  onChange,
}: Pick<FiltersProps, 'query' | 'state' | 'onChange'> & { readonly column: FilterColumn }) {
  const chosen = chosenIn(query, column);
  const facets = state?.facets[column] ?? [];
  // A column in which there is nothing to choose is not offered.
  if (chosen.length === 0 && facets.length < 2) return null;
  const counts = new Map(facets.map(({ value, count }) => [value, count]));
  const values = [...new Set([...chosen, ...counts.keys()])].slice(0, MOST_VALUES);
  const items = values.map((value): MenuItem => {
    const isChosen = chosen.includes(value);
    return {
      label: `${valueName(column, value)} (${formatCount(counts.get(value) ?? 0)})`,
      checked: isChosen,
      onChoose: () => {
        const next = isChosen ? chosen.filter((one) => one !== value) : [...chosen, value];
        onChange({ ...query, filters: { ...query.filters, [column]: next } });
      },
    };
  });
  const [first] = chosen;
  const name = columnName(column);
  const label =
    first === undefined
      ? name
      : chosen.length === 1
        ? t('{0}: {1}', name, valueName(column, first))
        : t('{0}: {1} chosen', name, chosen.length);
  return (
    <Menu
      label={label}
      icon="filter"
      items={items}
      testId={`filter-${column}`}
      pressed={first !== undefined}
    />
  );
}

function SearchField({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (text: string) => void;
}) {
  const [typed, setTyped] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const commit = (text: string) => {
    clearTimeout(timer.current);
    if (text !== value) onChange(text);
  };
  return (
    <input
      class="list-search"
      type="search"
      aria-label={t('Search in All Traces')}
      placeholder={t('Search in all traces')}
      data-testid="list-search"
      value={typed}
      onInput={({ currentTarget }) => {
        const text = currentTarget.value;
        setTyped(text);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => commit(text), TYPING);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit(typed);
        else if (event.key === 'Escape' && typed !== '') {
          setTyped('');
          commit('');
          event.stopPropagation();
        }
      }}
    />
  );
}
