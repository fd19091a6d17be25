import { t } from '@vscode/l10n';
import { VERDICTS } from '../../../trace/verdict';
import { totalOf, type VerdictCounts } from '../report';
import { type Html, html } from './html';
import { formatCount, verdictName } from './words';

/** A bar, or a column, of a plot. */
export interface PlotRow {
  readonly name: string;
  readonly counts: VerdictCounts;
}

/** Measures of the plots of bars, in the units of their drawings. */
const BAR = { width: 640, label: 190, count: 60, row: 24, height: 16 };
/** Longest name beside a bar; the table has it whole. */
const LONGEST_NAME = 28;

/** Which colour is which verdict. */
export const legend = (): Html =>
  html`<p class="legend" aria-hidden="true">${VERDICTS.map(
    (verdict) =>
      html`<span><svg width="12" height="12"><rect class="${verdict}" width="12" height="12"/></svg> ${verdictName(verdict)}</span> `,
  )}</p>`;

/** A bar a row, made of its verdicts. `title` says to a screen reader what is plotted; the table beside it says the numbers. */
export function barPlot(title: string, rows: readonly PlotRow[]): Html {
  const { width, label, count, row, height } = BAR;
  const most = Math.max(1, ...rows.map(({ counts }) => totalOf(counts)));
  const scale = (width - label - count) / most;
  return html`<svg class="plot" role="img" aria-label="${title}" viewBox="0 0 ${width} ${rows.length * row}" width="${width}" height="${rows.length * row}">${rows.map(
    ({ name, counts }, i) => {
      const y = i * row + (row - height) / 2;
      const segments = stack(counts, scale).map(
        ({ verdict, from, size }) =>
          html`<rect class="${verdict}" x="${round(label + from)}" y="${y}" width="${round(size)}" height="${height}"/>`,
      );
      const total = totalOf(counts);
      const middle = y + height - 4;
      return html`<g><title>${describe(name, counts)}</title><text x="${label - 8}" y="${middle}" text-anchor="end">${shorten(name || t('none'))}</text>${segments}<text x="${round(label + total * scale + 6)}" y="${middle}">${formatCount(total)}</text></g>`;
    },
  )}</svg>`;
}

const COLUMN = { width: 300, height: 150, left: 44, top: 14, bottom: 22 };

/** A column a row, side by side, made of their verdicts, as barPlot's bars are. `edges` stand below, from left to right. */
export function columnPlot(title: string, rows: readonly PlotRow[], edges: readonly string[]): Html {
  const { width, height, left, top, bottom } = COLUMN;
  const most = Math.max(1, ...rows.map(({ counts }) => totalOf(counts)));
  const [across, up] = [width - left - 10, height - top - bottom];
  const step = across / rows.length;
  const floor = height - bottom;
  const columns = rows.map(({ name, counts }, i) => {
    const x = round(left + i * step + 1);
    const segments = stack(counts, up / most).map(
      ({ verdict, from, size }) =>
        html`<rect class="${verdict}" x="${x}" y="${round(floor - from - size)}" width="${round(step - 2)}" height="${round(size)}"/>`,
    );
    return html`<g><title>${describe(name, counts)}</title>${segments}</g>`;
  });
  // A value for each column stands below its middle; edges stand between them.
  const isBetween = edges.length !== rows.length;
  const labels = edges.map((edge, i) => {
    const x = isBetween ? left + (i * across) / (edges.length - 1) : left + (i + 0.5) * step;
    return html`<text x="${round(x)}" y="${height - 6}" text-anchor="middle">${edge}</text>`;
  });
  return html`<svg class="plot" role="img" aria-label="${title}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><path class="axis" d="M${left} ${top}V${floor}H${width - 10}"/><text x="${left - 6}" y="${top + 5}" text-anchor="end">${formatCount(most)}</text><text x="${left - 6}" y="${floor}" text-anchor="end">0</text>${columns}${labels}</svg>`;
}

/** Where the pieces of a bar begin, and how long they are; those of nothing are left out. */
function stack(counts: VerdictCounts, scale: number) {
  let from = 0;
  return VERDICTS.flatMap((verdict) => {
    const size = counts[verdict] * scale;
    const piece = { verdict, from, size };
    from += size;
    return size > 0 ? [piece] : [];
  });
}

function describe(name: string, counts: VerdictCounts): string {
  const parts = VERDICTS.filter((verdict) => counts[verdict] > 0).map(
    (verdict) => `${formatCount(counts[verdict])} ${verdictName(verdict)}`,
  );
  return `${name || t('none')}: ${parts.join(', ') || '0'}`;
}

const shorten = (name: string): string => {
  const letters = [...name];
  return letters.length > LONGEST_NAME ? `${letters.slice(0, LONGEST_NAME - 1).join('')}…` : name;
};

const round = (number: number): number => Math.round(number * 100) / 100;
