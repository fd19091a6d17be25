import { t } from '@vscode/l10n';
import { IconButton } from '../../shared/icon-button';
import { Icon } from '../../shared/icons';
import { useEditor } from '../edit/editor-context';
import { useHost } from '../host';
import { answerOf } from '../model/trace-document';
import { verdictWord } from '../model/verdict-words';
import { ScoreLine } from '../review/score-line';
import { showTrace } from '../show-trace';
import { useStore } from '../store';
import { compareWith } from './commands';
import { StrokeSample } from './stroke-sample';
import { strokeOf } from './strokes';
import type { Column, Compared } from './use-compared';

interface ColumnHeadProps {
  readonly column: Column;
  readonly columns: readonly Column[];
}

/** Which answer it is, whether it is the one that is judged, what it comes to and what it is worth. */
export function ColumnHead({ column, columns }: ColumnHeadProps) {
  const store = useStore();
  const host = useHost();
  const editor = useEditor();
  const { index, answer, shown, compared, failure } = column;
  const name = t('Answer {0}', answer);
  return (
    <th
      scope="col"
      class={shown ? 'compared shown' : 'compared'}
      aria-current={shown ? 'true' : undefined}
      data-testid={`compared-${answer}`}
    >
      <div class="compared-name">
        <StrokeSample stroke={strokeOf(columns, column)} />
        <strong>{name}</strong>
        {shown ? (
          <span class="tag this-one">{t('this one')}</span>
        ) : (
          <span class="group">
            <IconButton
              icon="eye"
              label={t('Show {0}: verdicts are about it then', name)}
              onClick={() => void showTrace(store, host, editor, index)}
              testId={`show-${answer}`}
            />
            <IconButton
              icon="close"
              label={t('Leave {0} Out', name)}
              onClick={() => compareWith(store, index)}
              testId={`leave-out-${answer}`}
            />
          </span>
        )}
      </div>
      {failure !== null && <p class="error">{failure}</p>}
      {compared !== null && <Outcome compared={compared} />}
    </th>
  );
}

function Outcome({ compared }: { readonly compared: Compared }) {
  const { document, correct, verdict, edited, worth } = compared;
  const said = answerOf(document);
  return (
    <>
      <p class="compared-answer">
        {said === null ? <em>{t('no answer')}</em> : <span class="answer-text">{said}</span>}
        {correct !== null && (
          <span class={`verdict ${correct ? 'right' : 'wrong'}`}>
            <Icon name={correct ? 'right' : 'wrong'} /> {correct ? t('Right') : t('Wrong')}
          </span>
        )}
        {verdict !== 'pending' && <strong>{verdictWord(verdict)}</strong>}
        {edited && <span class="tag edited">{t('edited')}</span>}
      </p>
      {worth !== null && <ScoreLine score={worth.score} flags={worth.flags} />}
    </>
  );
}
