import { t } from '@vscode/l10n';
import { formatSeconds } from '../model/numbers';
import { describeEnd, describeModel } from '../model/run-words';
import { isRunning } from '../model/state';
import { answerOf, type TraceDocument } from '../model/trace-document';
import { useSelect } from '../store';
import { FindingList } from './finding-list';

/** What was asked, and what the right answer is where it is known. */
export function Question({ document }: { readonly document: TraceDocument }) {
  const { trace, findings } = document;
  const running = useSelect(isRunning);
  const end = running ? '' : describeEnd(trace.finish, answerOf(document));
  return (
    <section class="question" aria-label={t('Question')} data-testid="question">
      <p class="question-text">{trace.question}</p>
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
      {end !== '' && <p class="end">{end}</p>}
      {trace.error !== null && trace.finish !== 'failed' && <p class="error">{trace.error}</p>}
      {trace.run !== null && (
        <p class="quiet">
          {describeModel(trace.run)}
          {!running && ` · ${formatSeconds(trace.run.seconds)}`}
        </p>
      )}
      <FindingList findings={findings} />
    </section>
  );
}
