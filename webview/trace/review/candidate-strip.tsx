import { t } from '@vscode/l10n';
import { MOST_COMPARED } from '../../../src/view/compare';
import type { ListRow } from '../../../src/view/trace-list';
import { IconButton } from '../../shared/icon-button';
import { Icon } from '../../shared/icons';
import { compareWith } from '../compare/commands';
import { useEditor } from '../edit/editor-context';
import { useHost } from '../host';
import { answerName, valueName } from '../list/list-words';
import { showTrace } from '../show-trace';
import { useSelect, useStore } from '../store';

/**
 * All answers to the question of the trace that is shown, side by side in short, each to be shown or compared with it; nothing
 * where it is the only one.
 */
export function CandidateStrip({ candidates }: { readonly candidates: readonly ListRow[] }) {
  const store = useStore();
  const host = useHost();
  const editor = useEditor();
  const shown = useSelect(({ view }) => view?.index ?? null);
  if (candidates.length < 2) return null;
  return (
    <nav class="bar candidates" aria-label={t('Answers to the Same Question')} data-testid="candidates">
      <span class="quiet">{t('{0} answers', candidates.length)}</span>
      {candidates.map((row, i) => (
        <span class="group candidate" key={row.index}>
          <button
            type="button"
            class={`chip ${row.verdict}`}
            aria-current={row.index === shown}
            aria-label={describe(row, i)}
            title={describe(row, i)}
            onClick={() => void showTrace(store, host, editor, row.index)}
          >
            {i + 1}
            {row.correct !== null && <Icon name={row.correct ? 'right' : 'wrong'} />}
            <span class="quiet">{t('{0} turns', row.turns)}</span>
            {row.revisions > 0 && <span class="quiet">{t('{0} rev.', row.revisions)}</span>}
            {row.verdict !== 'pending' && <strong>{valueName('verdict', row.verdict)}</strong>}
          </button>
          {row.index !== shown && <CompareToggle row={row} answer={i + 1} />}
        </span>
      ))}
    </nav>
  );
}

/** Takes an answer into the comparison with the one that is shown, or leaves it out. */
function CompareToggle({ row, answer }: { readonly row: ListRow; readonly answer: number }) {
  const store = useStore();
  const isIn = useSelect(({ compare }) => compare.open && compare.among.includes(row.index));
  const isFull = useSelect(({ compare }) => compare.open && compare.among.length >= MOST_COMPARED);
  return (
    <IconButton
      icon="compare"
      label={
        isFull && !isIn
          ? t('No more than {0} answers are compared', MOST_COMPARED)
          : t('Compare with Answer {0}', answer)
      }
      pressed={isIn}
      disabled={isFull && !isIn}
      onClick={() => compareWith(store, row.index)}
      testId={`compare-with-${answer}`}
    />
  );
}

function describe(row: ListRow, place: number): string {
  return [
    t('Answer {0}', place + 1),
    ...(answerName(row) === '' ? [] : [answerName(row)]),
    t('{0} turns, {1} boxes, {2} lines, {3} revisions', row.turns, row.boxes, row.lines, row.revisions),
    valueName('verdict', row.verdict),
  ].join(', ');
}
