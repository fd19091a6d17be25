import { isUtf8 } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';
import type { Finding, FindingCode, TraceFindingCode } from '../../trace/finding';
import { type ReadTrace, readTrace } from '../../trace/trace-line';
import type { ViewFinding } from '../../view/trace-view';

/** A line beyond this is not shown: a string of it, its JSON and its traces would take gigabytes. */
export const LONGEST_LINE = 64 << 20;

/** More findings than anyone reads; the rest is counted. */
const MOST_FINDINGS = 500;

/** A line of a trace file, ready to be shown. */
export interface ReadLine {
  readonly trace: ReadTrace['trace'];
  readonly findings: readonly ViewFinding[];
}

/** Reads the bytes `start` to `end` of a trace file as a trace. What is wrong with them are findings. */
export async function readLine(
  file: FileHandle,
  { start, end }: { readonly start: number; readonly end: number },
): Promise<ReadLine> {
  const length = end - start;
  if (length > LONGEST_LINE) {
    return broken(`The line has ${length} bytes, more than the ${LONGEST_LINE} that are shown.`);
  }
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, start + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  const line = bytes.subarray(0, done);
  if (!isUtf8(line)) return broken('The line is not UTF-8 text.');
  const { trace, findings } = readTrace(line.toString('utf8').replace(/\n$/, ''));
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
