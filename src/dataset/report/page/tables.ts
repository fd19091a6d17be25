import { t } from '@vscode/l10n';
import { VERDICTS } from '../../../trace/verdict';
import { noCounts } from '../breakdown';
import { totalOf, type VerdictCounts } from '../report';
import { type Html, html, NOTHING } from './html';
import { barPlot, type PlotRow } from './plots';
import { formatCount, percentOf, verdictName } from './words';

/** Rows that are shown of what may have very many; the others are one. */
const MOST_ROWS = 30;

export interface Column {
  readonly name: string;
  /** Whether its cells are numbers. */
  readonly number?: boolean;
}

/** A table whose first cell of each row names it. A caption that is hidden is said by screen readers alone, as where a heading says it. */
export function table(
  caption: string | { readonly text: string; readonly hidden: true },
  columns: readonly Column[],
  rows: readonly (readonly (Html | string | number)[])[],
): Html {
  const classOf = (i: number) => (columns[i]?.number === true ? html` class="number"` : NOTHING);
  return html`<div class="scroll"><table>${captionOf(caption)}<thead><tr>${columns.map(
    ({ name }, i) => html`<th scope="col"${classOf(i)}>${name}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (cells) =>
      html`<tr>${cells.map((cell, i) =>
        i === 0 ? html`<th scope="row"${classOf(i)}>${cell}</th>` : html`<td${classOf(i)}>${cell}</td>`,
      )}</tr>\n`,
  )}</tbody></table></div>`;
}

const captionOf = (caption: Parameters<typeof table>[0]): Html =>
  typeof caption === 'string'
    ? html`<caption>${caption}</caption>`
    : html`<caption><span class="hidden">${caption.text}</span></caption>`;

/** A plot of bars by verdict, and a table that says the same in numbers. */
export function breakdown<R extends PlotRow>(
  {
    heading,
    first,
    more,
  }: {
    readonly heading: string;
    /** What the rows are. */
    readonly first: string;
    /** A column at the end. */
    readonly more?: { readonly name: string; readonly cell: (row: R) => Html };
  },
  given: readonly R[],
): Html {
  const shown = given.length > MOST_ROWS ? given.slice(0, MOST_ROWS - 1) : given;
  const others = given.slice(shown.length);
  const rest: PlotRow[] =
    others.length === 0 ? [] : [{ name: t('{0} others', formatCount(others.length)), counts: sumOf(others) }];
  const columns = [
    { name: first },
    { name: t('traces'), number: true },
    ...VERDICTS.map((verdict) => ({ name: verdictName(verdict), number: true })),
    { name: t('approved of judged'), number: true },
    ...(more === undefined ? [] : [{ name: more.name }]),
  ];
  const line = ({ name, counts }: PlotRow) => [
    name || t('none'),
    formatCount(totalOf(counts)),
    ...VERDICTS.map((verdict) => formatCount(counts[verdict])),
    percentOf(counts.approved, totalOf(counts) - counts.pending),
  ];
  return html`${barPlot(heading, [...shown, ...rest])}${table({ text: heading, hidden: true }, columns, [
    ...shown.map((row) => [...line(row), ...(more === undefined ? [] : [more.cell(row)])]),
    ...rest.map((row) => [...line(row), ...(more === undefined ? [] : [NOTHING])]),
  ])}`;
}

function sumOf(rows: readonly PlotRow[]): VerdictCounts {
  const sum = noCounts();
  for (const { counts } of rows) for (const verdict of VERDICTS) sum[verdict] += counts[verdict];
  return sum;
}
