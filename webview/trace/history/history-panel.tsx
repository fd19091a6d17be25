import { t } from '@vscode/l10n';
import { useState } from 'preact/hooks';
import { IconButton } from '../../shared/icon-button';
import { Splitter } from '../../shared/splitter';
import { ask } from '../ask';
import { toggleHistory } from '../commands';
import { useEditor } from '../edit/editor-context';
import { useHost } from '../host';
import type { TraceDocument } from '../model/trace-document';
import { useSelect, useStore } from '../store';
import { EntryDetail } from './entry-detail';
import { EntryList } from './entry-list';
import { PartVerdictList } from './part-verdict-list';
import { useDetail, useHistory } from './use-history';

/** All edits of the trace, what each of them did, and the way back to any of them. */
export function HistoryPanel({ document }: { readonly document: TraceDocument }) {
  const store = useStore();
  const host = useHost();
  const editor = useEditor();
  const height = useSelect((state) => state.panes.history);
  const history = useHistory(document);
  const entries = history.value?.entries ?? [];
  // Undefined stands for the newest, whichever that is.
  const [chosen, setChosen] = useState<string | null | undefined>(undefined);
  const entry = entries.find(({ id }) => id === chosen);
  const id = chosen === null ? null : ((entry ?? entries[0])?.id ?? null);
  const detail = useDetail(history.value, id);
  const restore = async () => {
    // What is being moved by keys is an edit of its own.
    await editor.flush();
    const revision = store.state.document?.revision ?? document.revision;
    await ask(store, {
      doing: t('Restoring…'),
      call: () => host.restore(revision, id),
      done: () => t('Restored. Undo takes it back.'),
    });
    setChosen(undefined);
  };
  const failure = history.failure ?? detail.failure;
  return (
    <section
      class="history"
      aria-label={t('History')}
      style={{ '--history-height': `${height}px` }}
      data-testid="history-panel"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        toggleHistory(store);
      }}
    >
      <Splitter
        label={t('Height of the history')}
        horizontal
        value={height}
        least={160}
        most={1200}
        direction={-1}
        onChange={(history) => store.dispatch({ type: 'panes', panes: { history } })}
      />
      <div class="bar history-bar">
        <h2>{t('History')}</h2>
        <IconButton icon="close" label={t('Close History')} onClick={() => toggleHistory(store)} />
      </div>
      <PartVerdictList document={document} />
      <div class="history-body">
        <EntryList
          entries={entries}
          selected={id}
          onSelect={setChosen}
          onCancel={() => toggleHistory(store)}
        />
        {failure !== null && (
          <p class="error history-failure" role="alert">
            {failure}
          </p>
        )}
        {detail.value?.id === id && failure === null && (
          <EntryDetail
            entry={entry ?? entries.find((one) => one.id === id) ?? null}
            detail={detail.value}
            onRestore={() => void restore()}
          />
        )}
      </div>
    </section>
  );
}
