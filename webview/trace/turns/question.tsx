import { t } from '@vscode/l10n';
import { IconButton } from '../../shared/icon-button';
import { LocateImages } from '../bar/locate-images';
import { QuestionForm } from '../edit/question-form';
import { openQuestion } from '../model/draft';
import { formatSeconds } from '../model/numbers';
import { describeEnd, describeModel, describeOrigin } from '../model/run-words';
import { isRunning } from '../model/state';
import { answerOf, type TraceDocument } from '../model/trace-document';
import { useSelect, useStore } from '../store';
import { FindingList } from './finding-list';

/** What was asked, and what the right answer is where it is known. */
export function Question({ document }: { readonly document: TraceDocument }) {
  const { trace, findings } = document;
  const running = useSelect(isRunning);
  const draft = useSelect(({ draft }) => (draft?.kind === 'question' ? draft : null));
  const origin = describeOrigin(trace.source);
  const end = running ? '' : describeEnd(trace.finish, answerOf(document));
  return (
    <section class="question" aria-label={t('Question')} data-testid="question">
      {draft === null ? <Asked trace={trace} /> : <QuestionForm draft={draft} />}
      {end !== '' && <p class="end">{end}</p>}
      {trace.error !== null && trace.finish !== 'failed' && trace.finish !== 'cancelled' && (
        <p class="error">{trace.error}</p>
      )}
      {origin !== '' && <p class="quiet">{origin}</p>}
      {trace.run !== null && (
        <p class="quiet">
          {describeModel(trace.run)}
          {!running && ` · ${formatSeconds(trace.run.seconds)}`}
        </p>
      )}
      <FindingList findings={findings} />
      <LocateImages />
    </section>
  );
}

function Asked({ trace }: Pick<TraceDocument, 'trace'>) {
  const { dispatch } = useStore();
  const editable = useSelect((state) => state.edits !== null);
  return (
    <>
      <div class="edit-head">
        <p class="question-text">{trace.question}</p>
        {editable && (
          <IconButton
            icon="edit"
            label={t('Edit Question')}
            onClick={() => dispatch({ type: 'draft', draft: openQuestion(trace) })}
          />
        )}
      </div>
      {trace.options.length > 0 && (
        <ul class="options">
          {trace.options.map((option) => (
            <li key={option}>{option}</li>
          ))}
        </ul>
      )}
      {trace.gold !== null && (
        <p class="gold">
          <span class="quiet">{t('Right answer:')}</span> {trace.gold}
        </p>
      )}
    </>
  );
}
