import type { Span } from '../python-text';
import type { Trace } from '../trace';
import type { Change } from './change';
import { EditRefused } from './edit-refused';

/** In the text of a turn, `inserted` takes the place of what stands in the span (UTF-16 code units). */
export interface TextEdit extends Span {
  readonly inserted: string;
}

/** The text after all edits, which may not overlap; their places are those in `raw`. */
export function applyEdits(raw: string, edits: readonly TextEdit[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const { start, end, inserted } of fromTheEnd(edits).reverse()) {
    parts.push(raw.slice(done, start), inserted);
    done = end;
  }
  return parts.join('') + raw.slice(done);
}

/** The edits of turn number `turn` as changes of the trace, each cut down to what differs, the last place first. */
export function textChanges(turn: number, raw: string, edits: readonly TextEdit[]): Change[] {
  return fromTheEnd(edits).flatMap((edit): Change[] => {
    const { start, end, inserted } = smallest(raw, edit);
    const removed = raw.slice(start, end);
    return removed === inserted ? [] : [{ type: 'text', turn, start, removed, inserted }];
  });
}

/** The edits of turn number `turn` as changes of the trace, each whole: all that it inserts counts as written. */
export function wholeChanges(turn: number, raw: string, edits: readonly TextEdit[]): Change[] {
  return fromTheEnd(edits).map(({ start, end, inserted }) => ({
    ...{ type: 'text', turn, start, removed: raw.slice(start, end), inserted },
  }));
}

/** The text of turn number `turn`, counted from 0. Throws `EditRefused` where there is no such turn. */
export function textOf(trace: Trace, turn: number): string {
  const text = trace.turns[turn]?.text;
  if (text === undefined) throw new EditRefused(`There is no turn ${turn + 1} in this trace.`);
  return text;
}

const fromTheEnd = (edits: readonly TextEdit[]): TextEdit[] =>
  edits.toSorted((a, b) => b.start - a.start || b.end - a.end);

/** The same edit without what stays at its two ends; no pair of surrogates is parted. */
function smallest(raw: string, { start, end, inserted }: TextEdit): TextEdit {
  const most = Math.min(end - start, inserted.length);
  let head = 0;
  while (head < most && raw.charCodeAt(start + head) === inserted.charCodeAt(head)) head++;
  if (isHighSurrogate(raw.charCodeAt(start + head - 1)) && head > 0) head--;
  let tail = 0;
  while (
    tail < most - head &&
    raw.charCodeAt(end - tail - 1) === inserted.charCodeAt(inserted.length - tail - 1)
  ) {
    tail++;
  }
  if (isLowSurrogate(raw.charCodeAt(end - tail)) && tail > 0) tail--;
  return { start: start + head, end: end - tail, inserted: inserted.slice(head, inserted.length - tail) };
}

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code < 0xdc00;
const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code < 0xe000;
