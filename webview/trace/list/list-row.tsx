import { t } from '@vscode/l10n';
import type { SortColumn } from '../../../src/trace/columns';
import type { ListRow } from '../../../src/view/trace-list';
import { Icon } from '../../shared/icons';
import { formatCount } from '../model/numbers';
import { answerName, valueName } from './list-words';

/** A row of the list; a screen reader hears it whole, from who shows it. */
export function ListRowView({
  row,
  columns,
}: {
  readonly row: ListRow | null;
  readonly columns: readonly SortColumn[];
}) {
  if (row === null) return <div class="list-line" />;
  return (
    <div class="list-line" title={row.name}>
      <span class="cell-index quiet">{formatCount(row.index + 1)}</span>
      <span class="cell-name">{row.id === null ? <em>{t('no trace')}</em> : row.name}</span>
      {columns.map((column) => (
        <span key={column} class={`cell-${column}`}>
          <Cell row={row} column={column} />
        </span>
      ))}
    </div>
  );
}

function Cell({ row, column }: { readonly row: ListRow; readonly column: SortColumn }) {
  switch (column) {
    case 'source':
      return <>{row.source}</>;
    case 'type':
      return <>{row.type === null ? '' : valueName('type', row.type)}</>;
    case 'correct':
      return row.correct === null ? null : (
        <>
          <Icon name={row.correct ? 'right' : 'wrong'} /> {answerName(row)}
        </>
      );
    case 'findings':
      return row.codes.length === 0 ? null : <span title={row.codes.join(', ')}>{row.codes.join(', ')}</span>;
    case 'edited':
      return row.edited ? <Icon name="edit" /> : null;
    case 'verdict':
      return <>{row.verdict === 'pending' ? '' : valueName('verdict', row.verdict)}</>;
    default:
      return <>{row.id === null || row[column] === 0 ? '' : formatCount(row[column])}</>;
  }
}
