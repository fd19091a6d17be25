import { t } from '@vscode/l10n';
import { IconButton } from '../../shared/icon-button';
import { Icon } from '../../shared/icons';
import { Button } from '../../shared/toolkit';
import { toggleHistory, toggleList } from '../commands';
import { toggleCompare } from '../compare/commands';
import { useEditor } from '../edit/editor-context';
import { useHost } from '../host';
import { formatCount } from '../model/numbers';
import { toggleReview } from '../review/commands';
import { stepTrace } from '../show-trace';
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
  const editable = useSelect((state) => state.edits !== null);
  const historyOpen = useSelect((state) => state.historyOpen);
  const listed = useSelect(({ list }) => list.open);
  const reviewing = useSelect(({ review }) => review.open);
  const comparing = useSelect(({ compare }) => compare.open);
  const judgeable = useSelect(({ verdict }) => verdict !== null) || reviewing;
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
          <Button
            look="icon"
            label={t('List of Traces')}
            pressed={listed}
            onClick={() => toggleList(store)}
            testId="toggle-list"
          >
            <Icon name="list" />
          </Button>
          <IconButton
            icon="previous"
            label={t('Previous Trace')}
            disabled={!listed && !reviewing && index === 0}
            onClick={() => void stepTrace(store, host, editor, -1)}
          />
          <span data-testid="trace-index">
            {t('{0} of {1}', formatCount(index + 1), formatCount(count))}
            {counting && '…'}
          </span>
          <IconButton
            icon="next"
            label={t('Next Trace')}
            disabled={!listed && !reviewing && index + 1 >= count}
            onClick={() => void stepTrace(store, host, editor, 1)}
          />
        </nav>
      )}
      <VerdictBar />
      {several && judgeable && (
        <IconButton
          icon="review"
          label={t('Review Traces')}
          pressed={reviewing}
          onClick={() => toggleReview(store)}
          testId="toggle-review"
        />
      )}
      {several && (
        <IconButton
          icon="compare"
          label={t('Compare Answers to the Same Question')}
          pressed={comparing}
          onClick={() => toggleCompare(store)}
          testId="toggle-compare"
        />
      )}
      {editable && (
        <IconButton
          icon="history"
          label={t('History')}
          pressed={historyOpen}
          onClick={() => toggleHistory(store)}
          testId="toggle-history"
        />
      )}
      <Actions />
    </header>
  );
}
