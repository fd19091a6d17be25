import type { LineageImage } from '../lineage';
import { parseTurn } from '../parse-turn';
import type { Span } from '../python-text';
import type { Trace } from '../trace';
import { type ImageChange, type ImagedTrace, type ImagePairs, paintOf } from './image-pairs';
import { digest, type KeylessMark } from './mark';
import type { ShapePair } from './shape-pairs';

/**
 * Shapes that nobody changed, on images that are not what they were. A shape is left out if it named no image before the
 * changes either, or if its turn came new.
 */
export function shapeMarks(
  after: ImagedTrace,
  origins: readonly (number | null)[],
  shapes: readonly ShapePair[],
  pairs: ImagePairs,
  changes: readonly ImageChange[],
  imagesBefore: readonly LineageImage[],
): KeylessMark[] {
  const states = new StateNames(after.images);
  const spansOf = spansByTurn(after.trace);
  return shapes.flatMap(({ turn, place, before, after: now }): KeylessMark[] => {
    if (now === null || origins[now.turn] !== turn || !isUntouched(before, now.drawing)) return [];
    if (!isThere(imagesBefore[before.index - 1], turn)) return [];
    const { index } = now.drawing;
    const change = isThere(after.images[index - 1], now.turn) ? changes[index - 1] : undefined;
    const found = whatIsWrong(change, before.index, index);
    const span = found && spansOf(now.turn)[now.place];
    if (!found || !span) return [];
    const { code, what } = found;
    const state = change === undefined ? '' : states.nameOf(index);
    return [
      {
        code,
        turn: now.turn,
        span,
        message: `${JSON.stringify(before.label)} ${what}.`,
        about: { kind: 'image', was: before.index, now: pairs.now(before.index) ?? null },
        parts: [turn, place, before, state],
      },
    ];
  });
}

function whatIsWrong(
  change: ImageChange | undefined,
  was: number,
  index: number,
): { readonly code: KeylessMark['code']; readonly what: string } | null {
  if (change === undefined) {
    const verb = was === index ? 'is' : 'was';
    return { code: 'drawn-on-gone', what: `${verb} drawn on image ${was}, which is not there any more` };
  }
  if (change.was !== was) {
    return {
      code: 'drawn-on-other',
      what: `was drawn on another image than the one that is image ${index} now`,
    };
  }
  return change.changed
    ? { code: 'drawn-on-changed', what: `is drawn on image ${index}, which has changed` }
    : null;
}

/** Where the shapes of a turn stand in its text; each text is read once, if at all. */
function spansByTurn({ turns }: Trace): (turn: number) => readonly Span[] {
  const read = new Map<number, readonly Span[]>();
  return (turn) => {
    const spans = read.get(turn) ?? parseTurn(turns[turn]?.text ?? '').located.map(({ span }) => span);
    read.set(turn, spans);
    return spans;
  };
}

const isThere = (image: LineageImage | undefined, turn: number): boolean =>
  image !== undefined && (image.turn ?? -1) < turn;

const isUntouched = (before: object, now: object): boolean =>
  JSON.stringify({ ...before, index: 0 }) === JSON.stringify({ ...now, index: 0 });

/** What images show, as short names that are the same each time; made as far as they are asked for. */
class StateNames {
  private readonly names: string[] = [];

  constructor(private readonly images: readonly LineageImage[]) {}

  nameOf(number: number): string {
    for (const { base, root, canvas } of this.images.slice(this.names.length, number)) {
      this.names.push(base === null ? `${root}` : digest(`${this.names[base - 1]} ${paintOf(canvas)}`));
    }
    return this.names[number - 1] ?? '';
  }
}
