import { t } from '@vscode/l10n';
import { IconButton } from '../../shared/icon-button';
import { stepTrace } from '../commands';
import { useEditor } from '../edit/editor-context';
import { useHost } from '../host';
import { formatCount } from '../model/numbers';
import { useSelect, useStore } from '../store';
import { Actions } from './actions';
import { VerdictBar } from './verdict-bar';

/** What is shown, which trace of a file it is, and what can be done with it. */
export function Header() {
  const store = useStore();
  const host = useHost();
  const editor = useEditor();
  const view = useSelect((state) => state.view);
  const edited = useSelect((state) => state.edits?.edited ?? false);
  if (view === null) return null;
  const { title, index, count, counting } = view;
  const several = count > 1 || counting;
  return (
    <header class="bar header">
      <h1 title={title}>{title}</h1>
      {edited && (
        <span class="tag edited" data-testid="edited">
          {t('edited')}
        </span>
      )}
      {several && (
        <nav class="group" aria-label={t('Traces')}>
          <IconButton
            icon="previous"
            label={t('Previous Trace')}
            disabled={index === 0}
            onClick={() => void stepTrace(store, host, editor, -1)}
          />
          <span data-testid="trace-index">
            {t('{0} of {1}', formatCount(index + 1), formatCount(count))}
            {counting && '…'}
          </span>
          <IconButton
            icon="next"
            label={t('Next Trace')}
            disabled={index + 1 >= count}
            onClick={() => void stepTrace(store, host, editor, 1)}
          />
        </nav>
      )}
      <VerdictBar />
      <Actions />
    </header>
  );
}
