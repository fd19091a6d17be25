import { type Drawing, isLine } from '../drawing';
import { drawTurn, type LineageImage, mergeCanvas, traceLineage } from '../lineage';
import { type ParsedTurn, parseTurn } from '../parse-turn';
import type { Trace } from '../trace';
import { applyChanges, type Change } from './change';
import { checkedEdits } from './checked-edits';
import { objectText, withValues } from './drawing-changes';
import { drawingLists } from './drawing-lists';
import { EditRefused } from './edit-refused';
import { paintOf } from './image-pairs';
import { textChanges, textOf } from './text-edit';

/**
 * Draws what turn number `turn` draws on image `image`, itself a drawn one, on the clean input at the bottom of its lineage
 * instead, so that nothing of what was replaced shines through. What lay on `image` and is not drawn anew is carried over
 * as its author wrote it; all keep their order, and with it their colours. Throws `EditRefused` where that cannot be.
 */
export function reroot(trace: Trace, turn: number, image: number): Change[] {
  const raw = textOf(trace, turn);
  const parsed = parseTurn(raw);
  const { images } = traceLineage(
    trace.images.length,
    trace.turns.slice(0, turn),
    trace.run?.limits.maxImages,
  );
  const base = images[image - 1];
  const drawn = drawTurn(images, parsed, turn, trace.run?.limits.maxImages).images;
  if (base === undefined || !drawn.some((one) => one.base === image)) {
    throw new EditRefused(`Turn ${turn + 1} draws nothing on image ${image}.`);
  }
  if (base.base === null) return [];
  const { root } = base;
  checkAlone(turn, parsed, images, base);
  const objects = objectsFor(trace, raw, parsed, images, base);
  const slots = drawingLists(raw, parsed).flatMap((list) => list.slots);
  const edits = slots.flatMap(({ start, end, drawing }) => {
    const here = drawing === null ? undefined : objects.get(drawing);
    return here ? [{ start, end, inserted: here.map(({ text }) => text).join(', ') }] : [];
  });
  const wanted = parsed.drawings.flatMap((one, i) => objects.get(i)?.map(({ drawing }) => drawing) ?? one);
  const changes = textChanges(turn, raw, checkedEdits(turn, raw, parsed, edits, wanted));
  const after = applyChanges(trace, changes).turns[turn]?.drawings ?? [];
  const redrawn = drawTurn(images, { drawings: after }, turn, trace.run?.limits.maxImages).images;
  const same = drawn.map((one) => [one.root, paintOf(one.canvas)].join());
  if (same.join('\n') !== redrawn.map((one) => [one.root, paintOf(one.canvas)].join()).join('\n')) {
    throw new EditRefused(`On image ${root} the images of turn ${turn + 1} would come in another order.`);
  }
  return changes;
}

/** Two images of one turn on the same input would become one, and of two shapes of one label only one is drawn. */
function checkAlone(
  turn: number,
  { drawings }: ParsedTurn,
  images: readonly LineageImage[],
  { number, root }: LineageImage,
): void {
  const other = drawings.find(({ index }) => index !== number && images[index - 1]?.root === root);
  if (other !== undefined) {
    throw new EditRefused(
      `Turn ${turn + 1} draws on image ${other.index} too; on image ${root} both would become one.`,
    );
  }
  const seen = new Set<string>();
  for (const drawing of drawings) {
    if (drawing.index !== number) continue;
    const name = nameOf(drawing);
    if (seen.has(name)) {
      const label = JSON.stringify(drawing.label);
      throw new EditRefused(`Turn ${turn + 1} draws ${label} twice on image ${number}; remove one first.`);
    }
    seen.add(name);
  }
}

/** A drawing and how it is written. */
interface Written {
  readonly drawing: Drawing;
  readonly text: string;
}

/**
 * What takes the place of each drawing on `base`, by its place in the turn: boxes and lines each in the order of the list
 * that lies on the image, what is carried over before the one that follows it there, or else after the last.
 */
function objectsFor(
  trace: Trace,
  raw: string,
  parsed: ParsedTurn,
  images: readonly LineageImage[],
  base: LineageImage,
): ReadonlyMap<number, readonly Written[]> {
  const index = base.root;
  const own = parsed.located.flatMap((located, place) =>
    located.drawing.index === base.number ? [{ located, place }] : [],
  );
  const texts = new Map(
    own.map(({ located }) => [nameOf(located.drawing), objectText(raw, located, { index })]),
  );
  const list = mergeCanvas(
    base.canvas,
    own.map(({ located }) => located.drawing),
  );
  const objects = new Map<number, Written[]>();
  const last = own.at(-1)?.place ?? -1;
  for (const kind of [list.boxes, list.lines]) {
    const places = own.filter(({ located }) => kind.some((one) => nameOf(one) === nameOf(located.drawing)));
    let next = 0;
    for (const drawing of kind) {
      const place = places[Math.min(next, places.length - 1)]?.place ?? last;
      const text = texts.get(nameOf(drawing));
      const written = {
        drawing: withValues(drawing, { index }),
        text: text ?? carriedText(trace, images, base, drawing),
      };
      const there = objects.get(place);
      if (there) there.push(written);
      else objects.set(place, [written]);
      if (text !== undefined) next++;
    }
  }
  return objects;
}

/** How a shape that lies on an image was written in the turn that drew it. */
function carriedText(
  trace: Trace,
  images: readonly LineageImage[],
  base: LineageImage,
  drawing: Drawing,
): string {
  let image: LineageImage | undefined = base;
  while (image && !image.drawn.includes(drawing)) image = images[(image.base ?? 0) - 1];
  const turn = trace.turns[image?.turn ?? -1];
  const located = turn && parseTurn(turn.text).located[turn.drawings.indexOf(drawing)];
  if (!turn || !located)
    throw new EditRefused(`Nothing says how ${JSON.stringify(drawing.label)} was drawn.`);
  return objectText(turn.text, located, { index: base.root });
}

const nameOf = (drawing: Drawing): string => JSON.stringify([isLine(drawing), drawing.label]);
