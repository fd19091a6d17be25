import { t } from '@vscode/l10n';
import type { SortColumn } from '../../../src/trace/columns';
import type { ListQuery } from '../../../src/view/trace-list';
import { Icon } from '../../shared/icons';
import { columnName } from './list-words';

interface HeadProps {
  readonly query: ListQuery;
  readonly columns: readonly SortColumn[];
  readonly onSort: (sort: ListQuery['sort']) => void;
}

/** The names of the columns. Pressing one sorts by it: the most first, then the least first, then as the file has them. */
export function ListHead({ query, columns, onSort }: HeadProps) {
  return (
    <div class="list-line list-head" role="toolbar" aria-label={t('Sort')}>
      <button
        type="button"
        class="cell-index"
        title={t('As in the File')}
        aria-pressed={query.sort === null}
        onClick={() => onSort(null)}
      >
        #
      </button>
      <span class="cell-name">{t('Question')}</span>
      {columns.map((column) => (
        <SortButton key={column} column={column} sort={query.sort} onSort={onSort} />
      ))}
    </div>
  );
}

function SortButton({
  column,
  sort,
  onSort,
}: {
  readonly column: SortColumn;
  readonly sort: ListQuery['sort'];
  readonly onSort: HeadProps['onSort'];
}) {
  const name = columnName(column);
  const own = sort?.column === column ? sort : null;
  const label =
    own === null
      ? t('Sort by {0}', name)
      : own.descending
        ? t('Sorted by {0}, the most first', name)
        : t('Sorted by {0}, the least first', name);
  const next =
    own === null ? { column, descending: true } : own.descending ? { column, descending: false } : null;
  return (
    <button
      type="button"
      class={`cell-${column}`}
      aria-label={label}
      title={label}
      aria-pressed={own !== null}
      data-testid={`sort-${column}`}
      onClick={() => onSort(next)}
    >
      <span>{name}</span>
      {own !== null && <Icon name={own.descending ? 'down' : 'up'} />}
    </button>
  );
}
