import { t } from '@vscode/l10n';
import type { HistoryEntryView } from '../../../src/view/trace-history';
import { Icon } from '../../shared/icons';
import { Listbox } from '../../shared/listbox';
import { stateWords } from './entry-words';
import { formatAgo, formatMoment } from './when';

interface EntryListProps {
  /** The newest first. */
  readonly entries: readonly HistoryEntryView[];
  /** Null is the original, which comes last. */
  readonly selected: string | null;
  readonly onSelect: (id: string | null) => void;
  readonly onCancel: () => void;
}

/** The edits of a trace, the newest first, and what it was before all of them. */
export function EntryList({ entries, selected, onSelect, onCancel }: EntryListProps) {
  const { lang } = document.documentElement;
  const place = entries.findIndex(({ id }) => id === selected);
  return (
    <Listbox
      id="history"
      label={t('Edits')}
      class="history-list"
      count={entries.length + 1}
      estimate={44}
      selected={place < 0 ? entries.length : place}
      onSelect={(i) => onSelect(entries[i]?.id ?? null)}
      onCancel={onCancel}
      nameOf={(i) => {
        const entry = entries[i];
        return entry ? nameOf(entry, lang) : `${t('Original')}, ${t('as it stands in the file')}`;
      }}
      renderOption={(i) => {
        const entry = entries[i];
        return entry ? <EntryRow entry={entry} language={lang} /> : <OriginalRow />;
      }}
    />
  );
}

function EntryRow({ entry, language }: { readonly entry: HistoryEntryView; readonly language: string }) {
  const { label, who, at, saved, state } = entry;
  return (
    <div class={`entry-row ${state}`} data-testid="history-entry">
      <span class="entry-label">{label}</span>
      <span class="entry-notes">
        {state === 'not-applied' && <Icon name="warning" />}
        {stateWords(entry).map((words) => (
          <span class="tag" key={words}>
            {words}
          </span>
        ))}
        {!saved && (
          <span class="unsaved" title={t('not saved')}>
            ●
          </span>
        )}
      </span>
      <span class="entry-when quiet" title={formatMoment(at, language)}>
        {who} · {formatAgo(at, Date.now(), language)}
      </span>
    </div>
  );
}

function OriginalRow() {
  return (
    <div class="entry-row">
      <span class="entry-label">{t('Original')}</span>
      <span class="entry-when quiet">{t('as it stands in the file')}</span>
    </div>
  );
}

/** An edit as a screen reader says it. */
function nameOf(entry: HistoryEntryView, language: string): string {
  const { label, who, at, saved, reason } = entry;
  const notes = [
    ...stateWords(entry),
    ...(saved ? [] : [t('not saved')]),
    ...(reason === null ? [] : [reason]),
  ];
  return [label, who, formatMoment(at, language), ...notes].join(', ');
}
