import { findBlocks } from '../blocks';
import { isLine } from '../drawing';
import { parseTurn } from '../parse-turn';
import { strip, stripSpan } from '../python-text';
import type { Trace } from '../trace';
import { roomForDrawings } from './add-text';
import type { Change } from './change';
import { tooOdd } from './checked-edits';
import { drawingAt, objectText } from './drawing-changes';
import { EditRefused } from './edit-refused';
import { thinkOf } from './prose-changes';
import { removalEdits } from './remove-text';
import { applyEdits, type TextEdit, textChanges, textOf } from './text-edit';
import { writtenTurn } from './turn-changes';

/**
 * Two turns in the place of turn number `turn`: the first has the think text up to `at` (a place in the turn's text) and
 * what is drawn within it, the second one all the rest. The drawings at the places `moved` go along with the first. Throws
 * `EditRefused` where `at` is not in the think text, or within a block.
 */
export function splitTurn(trace: Trace, turn: number, at: number, moved: readonly number[] = []): Change[] {
  const raw = textOf(trace, turn);
  const parsed = parseTurn(raw);
  const think = thinkOf(raw);
  if (think === null || at < think.start || at > think.end) {
    throw new EditRefused(`Turn ${turn + 1} can be split within its think text only.`);
  }
  if (findBlocks(raw).some(({ outer }) => at > outer.start && at < outer.end)) {
    throw new EditRefused(`Turn ${turn + 1} cannot be split within a block.`);
  }
  const own = parsed.located.filter(({ span }) => span.end <= at);
  const taken = [...new Set(moved)]
    .map((i) => drawingAt(parsed, turn, i))
    .filter(({ span }) => span.start >= at);
  const goes = [...own, ...taken];
  const first = firstText(
    raw.slice(0, at),
    goes.at(0)?.drawing,
    taken.map((one) => objectText(raw, one, {})),
  );
  const rest = stripSpan(raw, { start: at, end: think.end }).start;
  const cut: TextEdit = { start: 0, end: rest, inserted: '<think> ' };
  const places = new Set(taken.map((one) => parsed.located.indexOf(one)));
  const edits = [cut, ...removalEdits(raw, parsed, places)];
  const [one, two] = [parseTurn(first), parseTurn(applyEdits(raw, edits))];
  const left = parsed.located.filter((located) => !goes.includes(located));
  const asWanted =
    sameDrawings(one.located, goes) &&
    sameDrawings(two.located, left) &&
    one.think === strip(raw.slice(think.start, at)) &&
    [two.action, two.answer].join() === [parsed.action, parsed.answer].join();
  if (!asWanted) throw tooOdd(turn);
  return [...textChanges(turn, raw, edits), { type: 'insert-turn', at: turn, turn: writtenTurn(first) }];
}

function firstText(
  before: string,
  drawing: Parameters<typeof isLine>[0] | undefined,
  objects: readonly string[],
): string {
  const text = before.slice(0, stripSpan(before, { start: 0, end: before.length }).end);
  // After a fence the tag begins a line, or it would be taken for a part of it.
  const closed = `${text}${text.endsWith('```') ? '\n' : ' '}</think>`;
  if (drawing === undefined) return closed;
  const tool = isLine(drawing) ? 'Path Tracer' : 'Object Mapper';
  const named = `${closed} Action: ${tool}`;
  if (objects.length === 0) return named;
  return applyEdits(named, [roomForDrawings(named, parseTurn(named), tool).put(objects)]);
}

const sameDrawings = (a: readonly { drawing: unknown }[], b: readonly { drawing: unknown }[]): boolean =>
  JSON.stringify(a.map(({ drawing }) => drawing)) === JSON.stringify(b.map(({ drawing }) => drawing));
