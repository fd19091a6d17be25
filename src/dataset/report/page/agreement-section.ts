import { t } from '@vscode/l10n';
import type { Report, TracePlace } from '../report';
import { type Html, html, NOTHING } from './html';
import { table } from './tables';
import { formatCount, formatKappa, percentOf, verdictName } from './words';

/** What leads to a trace: its number alone, or all of what names it. */
export type TraceLink = (place: TracePlace, length: 'short' | 'long') => Html;

/** How far those agree who judged the same traces, and on which they do not. */
export function agreementSection(
  { pairs, agreed, reviewers, disagreed, disagreements }: Report['agreement'],
  traceLink: TraceLink,
): Html {
  const heading = html`<h2>${t('Agreement')}</h2>`;
  if (pairs === 0) {
    return html`<section>${heading}<p>${t('No two people have judged the same trace in the same state.')}</p></section>`;
  }
  const numbers = [t('both judged'), t('agree'), t('share'), t('Cohen’s kappa')];
  return html`<section>${heading}<p>${t(
    '{0} of {1} pairs of verdicts on the same state of a trace agree, {2}.',
    ...[formatCount(agreed), formatCount(pairs), percentOf(agreed, pairs)],
  )}</p>${table(
    t('Reviewers two by two'),
    [{ name: t('reviewers') }, ...numbers.map((name) => ({ name, number: true }))],
    reviewers.map(({ a, b, both, agreed: same, kappa }) => [
      t('{0} and {1}', a, b),
      ...[formatCount(both), formatCount(same), percentOf(same, both), formatKappa(kappa)],
    ]),
  )}<p class="quiet">${t(
    'Kappa is agreement beyond chance: 1 is full, 0 no more than chance. It is undefined (–) where both only ever said the same one verdict.',
  )}</p>${disagreed === 0 ? NOTHING : disagreementTable(disagreed, disagreements, traceLink)}</section>`;
}

function disagreementTable(
  count: number,
  listed: Report['agreement']['disagreements'],
  traceLink: TraceLink,
): Html {
  const caption =
    listed.length < count
      ? t(
          'The first {0} of {1} disagreements; the CSV file has all',
          formatCount(listed.length),
          formatCount(count),
        )
      : t('Disagreements');
  return table(
    caption,
    [{ name: t('trace') }, { name: t('who said what') }],
    listed.map(({ place, said, editedSince }) => [
      traceLink(place, 'long'),
      html`${said.map(
        ({ who, verdict, reason }, i) =>
          html`${i > 0 ? html`<br>` : NOTHING}${who}: ${verdictName(verdict)}${reason === null ? '' : ` (${reason})`}`,
      )}${editedSince ? html`<br><span class="quiet">${t('about a state that was edited since')}</span>` : NOTHING}`,
    ]),
  );
}
