import type { FileHandle } from 'node:fs/promises';
import type { ItemRange } from '../../dataset/source/item-table';
import { type ItemText, LONGEST_ITEM, readRange } from '../../dataset/source/read-range';
import type { Finding, FindingCode, TraceFindingCode } from '../../trace/finding';
import { type ReadTrace, readTrace } from '../../trace/trace-line';
import type { ViewFinding } from '../../view/trace-view';

/** More findings than anyone reads; the rest is counted. */
const MOST_FINDINGS = 500;

/** A line of a trace file, ready to be shown. */
export interface ReadLine {
  readonly trace: ReadTrace['trace'];
  readonly findings: readonly ViewFinding[];
}

/** Reads the bytes `start` to `end` of a trace file as a trace. What is wrong with them are findings. */
export async function readLine(file: FileHandle, range: Pick<ItemRange, 'start' | 'end'>): Promise<ReadLine> {
  return showLine(await readRange(file, range));
}

/** The text of a line as a trace. What is wrong with it are findings. */
export function showLine(content: ItemText): ReadLine {
  if ('fault' in content) {
    return broken(
      content.fault === 'not-utf8'
        ? 'The line is not UTF-8 text.'
        : `The line has ${content.length} bytes, more than the ${LONGEST_ITEM} that are shown.`,
    );
  }
  const { trace, findings } = readTrace(content.text.replace(/\n$/, ''));
  return { trace, findings: forView(findings) };
}

function broken(message: string): ReadLine {
  return { trace: null, findings: [{ code: 'bad-line', severity: 'error', message }] };
}

/** Those of the line itself: the texts of turns are parsed where they are shown. */
const OF_THE_LINE: ReadonlySet<FindingCode> = new Set<TraceFindingCode>([
  'bad-json',
  'bad-field',
  'derived-differs',
]);

function forView(findings: readonly Finding[]): ViewFinding[] {
  const all = findings.filter(({ code }) => OF_THE_LINE.has(code));
  const shown = all.slice(0, MOST_FINDINGS).map(({ code, severity, message, path, offset }): ViewFinding => {
    // The message of JSON that cannot be read says where it is.
    const place = offset === undefined || code === 'bad-json' ? '' : ` (byte ${offset.bytes})`;
    return { code, severity, message: `${message}${place}`, path };
  });
  const rest = all.length - shown.length;
  if (rest === 0) return shown;
  return [...shown, { code: 'more', severity: 'warning', message: `There are ${rest} more findings.` }];
}
