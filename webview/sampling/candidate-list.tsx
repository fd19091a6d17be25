import { t } from '@vscode/l10n';
import type { SampledCandidate } from '../../src/view/sampling-view';
import { Icon, type IconName } from '../shared/icons';
import { durationWords, keptWords, outcomeWord } from './words';

const ICONS: Readonly<Record<SampledCandidate['outcome'], IconName>> = {
  right: 'right',
  wrong: 'wrong',
  unanswered: 'pending',
  failed: 'warning',
};

/** The candidates that were drawn last, the newest first. */
export function CandidateList({ candidates }: { readonly candidates: readonly SampledCandidate[] }) {
  if (candidates.length === 0) return null;
  return (
    <section class="newest" aria-labelledby="newest">
      <h2 id="newest">{t('Newest Candidates')}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('Candidate')}</th>
            <th scope="col">{t('Outcome')}</th>
            <th scope="col">{t('Answer')}</th>
            <th scope="col" class="number">
              {t('Turns')}
            </th>
            <th scope="col" class="number">
              {t('Time')}
            </th>
            <th scope="col">{t('Kept')}</th>
            <th scope="col">{t('Question')}</th>
          </tr>
        </thead>
        <tbody>
          {candidates.map((candidate) => (
            <Row key={candidate.id} candidate={candidate} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ candidate }: { readonly candidate: SampledCandidate }) {
  const { id, question, outcome, answer, leftOut, turns, seconds } = candidate;
  return (
    <tr data-testid="candidate">
      <th scope="row">{id}</th>
      <td class={`outcome ${outcome}`}>
        <Icon name={ICONS[outcome]} /> {outcomeWord(candidate)}
      </td>
      <td class="answer">{answer ?? ''}</td>
      <td class="number">{turns}</td>
      <td class="number">{seconds === null ? '' : durationWords(seconds)}</td>
      <td class={leftOut === null ? 'kept' : 'quiet'}>{keptWords(candidate)}</td>
      <td class="question quiet">{question}</td>
    </tr>
  );
}
