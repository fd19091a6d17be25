import { findBlocks } from '../blocks';
import { actionNameEnd, findAction } from '../format-rule';
import { parseTurn } from '../parse-turn';
import { strip, stripSpan } from '../python-text';
import type { Trace } from '../trace';
import { afterAction, insertion } from './after-action';
import type { Change } from './change';
import { checkedEdits } from './checked-edits';
import { EditRefused } from './edit-refused';
import { thinkOf } from './prose-changes';
import { applyEdits, type TextEdit, textChanges, textOf } from './text-edit';
import { removeTurn } from './turn-changes';

/**
 * One turn in the place of turn number `turn` and the next one: both think texts, the action of the second, and then what
 * stood after the action of the first and of the second. Drawings are in that order. The turn is otherwise the second one.
 */
export function mergeTurns(trace: Trace, turn: number): Change[] {
  const first = withClosedFence(textOf(trace, turn));
  const raw = textOf(trace, turn + 1);
  const [think, thinkBefore] = [thinkOf(raw), thinkOf(first)];
  if (think === null || thinkBefore === null) {
    const which = think === null ? turn + 2 : turn + 1;
    throw new EditRefused(
      `Turn ${which} has no think text between tags; two turns are merged at their think texts.`,
    );
  }
  const lead = first.slice(0, thinkBefore.start - '<think>'.length);
  const tail = strip(first.slice(tailStart(first, thinkBefore.end)));
  const [before, after] = [parseTurn(first), parseTurn(raw)];
  const edits: TextEdit[] = [
    { start: 0, end: 0, inserted: lead },
    {
      start: think.start,
      end: stripSpan(raw, think).start,
      inserted: ` ${strip(first.slice(thinkBefore.start, thinkBefore.end))}\n`,
    },
  ];
  if (tail !== '') edits.push(afterAction(raw, tail, before.action));
  const [inThink, inTail] = parted(before.located, thinkBefore.end);
  const [inOwnThink, inOwnTail] = parted(after.located, think.end);
  const wanted = [...inThink, ...inOwnThink, ...inTail, ...inOwnTail].map(({ drawing }) => drawing);
  const known = { ...after, findings: [...before.findings, ...after.findings] };
  return [
    ...textChanges(turn + 1, raw, checkedEdits(turn + 1, raw, known, edits, wanted)),
    ...removeTurn(trace, turn),
  ];
}

/** A block that ends without a fence would go on in what follows it. */
function withClosedFence(raw: string): string {
  const open = findBlocks(raw).find(({ closed }) => !closed);
  return open ? applyEdits(raw, [insertion(raw, open.outer.end, '\n```')]) : raw;
}

function tailStart(raw: string, thinkEnd: number): number {
  const named = findAction(raw);
  return named === null ? thinkEnd + '</think>'.length : actionNameEnd(raw, named.nameStart);
}

function parted<T extends { span: { start: number } }>(located: readonly T[], at: number): [T[], T[]] {
  return [located.filter(({ span }) => span.start < at), located.filter(({ span }) => span.start >= at)];
}
