import { t } from '@vscode/l10n';
import { VERDICTS } from '../../../trace/verdict';
import { STANDINGS } from '../../export/verdict-tally';
import { noCounts } from '../breakdown';
import { judgedOf, type Report, type TracePlace } from '../report';
import { agreementSection, type TraceLink } from './agreement-section';
import { Html, html, NOTHING } from './html';
import { barPlot, columnPlot, legend } from './plots';
import { type PageSetting, styleOf } from './style';
import { breakdown, table } from './tables';
import {
  formatCount,
  formatDuration,
  formatTime,
  percentOf,
  scoreName,
  standingName,
  typeName,
  verdictName,
} from './words';

export interface PageOptions {
  readonly setting: PageSetting;
  /** BCP 47. */
  readonly language: string;
  /** What styles must carry to be taken (`nonce`); null where there is nobody to say so. */
  readonly nonce: string | null;
  /** Where a trace can be looked at; null for nowhere. */
  readonly linkTo: ((place: TracePlace) => string) | null;
  readonly actions: readonly { readonly label: string; readonly href: string }[];
  /** Something to know before all else; null for nothing. */
  readonly notice: string | null;
}

/** A page that stands alone: no scripts, nothing from elsewhere. */
export const FILE_PAGE: PageOptions = {
  ...{ setting: 'file', language: 'en', nonce: null, linkTo: null, actions: [], notice: null },
};

/** A report as one page that needs nothing else: plots, and a table beside each. All that is not ours is escaped. */
export function reportPage(report: Report, options: PageOptions): string {
  const { linkTo } = options;
  const traceLink: TraceLink = (place, length) => {
    const number = formatCount(place.index + 1);
    const name = length === 'short' ? number : t('trace {0}', number);
    const where = t('line {0}, {1}', formatCount(place.line), place.id);
    const link =
      linkTo === null
        ? html`<span title="${where}">${name}</span>`
        : html`<a href="${linkTo(place)}" title="${where}">${name}</a>`;
    return length === 'short' ? link : html`${link} <span class="quiet">${where}</span>`;
  };
  return page(
    t('Review of {0}', report.file),
    html`${summary(report)}${remarks(report)}
${verdictSection(report)}
${reviewerSection(report)}
${reasonSection(report, traceLink)}
${sourceSection(report)}
${scoreSection(report)}
${agreementSection(report.agreement, traceLink)}`,
    options,
  );
}

/** A page of ours that says `body` below its title. */
export function page(
  title: string,
  body: Html,
  { setting, language, nonce, actions, notice }: PageOptions,
): string {
  const styles = nonce === null ? "'unsafe-inline'" : `'nonce-${nonce}'`;
  const policy = `default-src 'none'; style-src ${styles}`;
  const attribute = nonce === null ? NOTHING : html` nonce="${nonce}"`;
  const links = actions.map(({ label, href }) => html`<a href="${href}">${label}</a>`);
  return html`<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style${attribute}>${new Html(styleOf(setting))}</style>
</head>
<body>
<header><h1>${title}</h1>${links.length === 0 ? NOTHING : html`<nav class="actions">${links}</nav>`}</header>
<main>${notice === null ? NOTHING : html`<p class="warning" role="status">${notice}</p>`}
${body}</main>
</body>
</html>
`.text;
}

function summary({ made, traces, verdicts, edited, agreement }: Report): Html {
  const judged = judgedOf({ verdicts });
  const tiles = [
    [formatCount(traces), t('traces')],
    [formatCount(judged), t('judged, {0}', percentOf(judged, traces))],
    [percentOf(verdicts.approved, judged), t('of these approved')],
    [formatCount(edited), t('edited')],
    [
      percentOf(agreement.agreed, agreement.pairs),
      t('agreement, on {0} traces that several judged', formatCount(agreement.traces)),
    ],
  ];
  return html`<p class="quiet">${t('As of {0} UTC', formatTime(made))}</p><ul class="tiles">${tiles.map(
    ([number = '', words = '']) => html`<li><strong>${number}</strong>${words}</li>`,
  )}</ul>`;
}

function remarks({ notTraces, fault, problems, orphans }: Report): Html {
  const all = [
    ...(notTraces > 0
      ? [t('{0} items of the file are no traces, and not counted.', formatCount(notTraces))]
      : []),
    ...(fault === null ? [] : [t('The file cannot be read to its end: {0}', fault)]),
    ...(orphans > 0
      ? [
          t(
            '{0} traces that were judged are not in the file as they were, and not counted.',
            formatCount(orphans),
          ),
        ]
      : []),
    ...problems.slice(0, 10),
  ];
  return html`${all.map((remark) => html`<p class="warning">${remark}</p>`)}`;
}

function verdictSection({ verdicts, traces }: Report): Html {
  const heading = t('Verdicts');
  const rows = STANDINGS.map((standing) => {
    const drawn = VERDICTS.find((verdict) => verdict === standing) ?? 'pending';
    return { name: standingName(standing), counts: { ...noCounts(), [drawn]: verdicts[standing] } };
  });
  return html`<section><h2>${heading}</h2>${barPlot(heading, rows)}${table(
    t('Traces by what counts for them'),
    [{ name: t('verdict') }, { name: t('traces'), number: true }, { name: t('share'), number: true }],
    STANDINGS.map((standing) => [
      standingName(standing),
      formatCount(verdicts[standing]),
      percentOf(verdicts[standing], traces),
    ]),
  )}</section>`;
}

function reviewerSection({ reviewers }: Report): Html {
  if (reviewers.length === 0) return NOTHING;
  return html`<section><h2>${t('Reviewers')}</h2>${table(
    t('What each said last of a trace, and how fast'),
    [
      { name: t('reviewer') },
      ...[t('judged'), t('approved'), t('rejected'), t('needs edit'), t('approved of judged')].map(numeric),
      ...[{ name: t('first (UTC)') }, { name: t('last (UTC)') }],
      ...[t('active'), t('an hour')].map(numeric),
    ],
    reviewers.map((one) => [
      one.who,
      ...[one.judged, one.approved, one.rejected, one.needsEdit].map(formatCount),
      percentOf(one.approved, one.judged),
      ...[one.first, one.last].map((at) => html`<span class="time">${formatTime(at)}</span>`),
      formatDuration(one.activeSeconds),
      one.perHour === null ? '–' : formatCount(Math.round(one.perHour)),
    ]),
  )}<p class="quiet">${t(
    'Active is the time between verdicts that follow each other within five minutes; longer gaps are breaks and do not count.',
  )}</p></section>`;
}

function reasonSection({ reasons }: Report, traceLink: TraceLink): Html {
  const heading = t('Reasons');
  const body =
    reasons.length === 0
      ? html`<p>${t('No verdict that counts has a reason.')}</p>`
      : html`${legend()}${breakdown(
          {
            ...{ heading, first: t('reason') },
            more: {
              name: t('the first traces'),
              cell: ({ examples }: Report['reasons'][number]) =>
                html`${examples.map((place, i) => html`${i > 0 ? ', ' : ''}${traceLink(place, 'short')}`)}`,
            },
          },
          reasons,
        )}`;
  return html`<section><h2>${heading}</h2>${body}</section>`;
}

function sourceSection({ sources, types, flags }: Report): Html {
  const parts = [
    { heading: t('Sources'), first: t('source'), rows: sources },
    {
      ...{ heading: t('Question Types'), first: t('type') },
      rows: types.map(({ name, counts }) => ({ name: typeName(name), counts })),
    },
    { heading: t('Flags'), first: t('flag'), rows: flags },
  ];
  return html`${parts
    .filter(({ rows }) => rows.length > 0)
    .map(
      ({ heading, first, rows }) =>
        html`<section><h2>${heading}</h2>${legend()}${breakdown<(typeof rows)[number]>({ heading, first }, rows)}</section>`,
    )}`;
}

function scoreSection({ scores }: Report): Html {
  return html`<section><h2>${t('Scores')}</h2>${legend()}<div class="pair">${scores.map((score) => {
    const name = scoreName(score.name);
    const rows = score.bins.map(({ from, to, counts }) => ({
      name: from === to ? short(from) : `${short(from)}–${short(to)}`,
      counts,
    }));
    const isValues = score.bins.every(({ from, to }) => from === to);
    const highest = score.bins.at(-1)?.to ?? 1;
    const edges = isValues ? rows.map((row) => row.name) : ['0', short(highest / 2), short(highest)];
    const unknown =
      score.unknown === 0
        ? NOTHING
        : html`<p class="quiet">${t('{0} have no right answer to be measured by.', formatCount(score.unknown))}</p>`;
    return html`<figure><h3>${name}</h3>${columnPlot(name, rows, edges)}${unknown}${table(
      { text: name, hidden: true },
      [{ name: t('score') }, ...VERDICTS.map((verdict) => numeric(verdictName(verdict)))],
      rows.map((row) => [row.name, ...VERDICTS.map((verdict) => formatCount(row.counts[verdict]))]),
    )}</figure>`;
  })}</div></section>`;
}

const numeric = (name: string) => ({ name, number: true });

const short = (value: number): string => String(Math.round(value * 100) / 100);
