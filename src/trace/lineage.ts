import {
  type Box,
  type Canvas,
  type Drawing,
  isLine,
  isUnpainted,
  type Line,
  type UnpaintedBox,
} from './drawing';
import type { Finding, LineageFindingCode } from './finding';
import type { Span } from './python-text';

/**
 * One image of a trace. An input has no base. Every other image is a copy of the pixels of `base`, which carry all that
 * was ever painted on it, with the whole of `canvas` painted over them.
 */
export interface LineageImage {
  /** From 1: the inputs first, then each image as it was drawn. */
  readonly number: number;
  /** Number of the image it was drawn on, null for an input. */
  readonly base: number | null;
  /** Number of the input at the bottom of its lineage, whose size it has. */
  readonly root: number;
  /** The turn that drew it, counted from 0; null for an input. */
  readonly turn: number | null;
  /** What that turn drew on it, in the order of its text. */
  readonly drawn: readonly Drawing[];
  /** All that lies on it now, in the order that gives boxes their colours. */
  readonly canvas: Canvas;
  /** What is still to be seen on its pixels though a later drawing of the same label took its place in the list. */
  readonly ghosts: readonly Drawing[];
}

/** The images of a trace so far, and what is wrong with how they came to be. */
export interface Lineage {
  readonly images: readonly LineageImage[];
  readonly findings: readonly Finding[];
}

/** What lineage needs of a turn; with `located`, findings say where in its text the drawing stands. */
export interface DrawingTurn {
  readonly drawings: readonly Drawing[];
  readonly located?: readonly { readonly span: Span }[];
}

/** The input images of a trace, `count` of them, with nothing drawn on them. */
export function inputImages(count: number): LineageImage[] {
  const images: LineageImage[] = [];
  for (let number = 1; number <= count; number++) {
    const nothing = { drawn: [], canvas: { boxes: [], lines: [] }, ghosts: [] };
    images.push({ number, base: null, root: number, turn: null, ...nothing });
  }
  return images;
}

/** All images that `turns` draw, starting from `inputs` input images. See `drawTurn` for the rules. */
export function traceLineage(
  inputs: number,
  turns: readonly DrawingTurn[],
  maxImages = Number.POSITIVE_INFINITY,
): Lineage {
  const images = inputImages(inputs);
  const findings: Finding[] = [];
  turns.forEach((turn, number) => {
    const drawn = drawTurn(images, turn, number, maxImages);
    images.push(...drawn.images);
    findings.push(...drawn.findings);
  });
  return { images, findings };
}

/**
 * The images that turn number `number` adds to `images`, by upstream's rules. Each `index` it names gives one image, in
 * the order in which the indices first appear, those of boxes before those of lines. The new image starts from the list
 * of its base: a drawing of a label that is there already takes that one's place, others are appended, boxes and lines
 * apart. Of several with one label in the same turn the last counts, at the place of the first.
 *
 * An index below 1 or beyond the images there were before the turn is an error, and then the whole turn adds nothing.
 * Once there are `maxImages` images the rest of the turn's are dropped, but one is always added.
 */
export function drawTurn(
  images: readonly LineageImage[],
  turn: DrawingTurn,
  number: number,
  maxImages = Number.POSITIVE_INFINITY,
): Lineage {
  const findings: Finding[] = [];
  const report = (code: LineageFindingCode, severity: Finding['severity'], i: number, message: string) => {
    const span = turn.located?.[i]?.span;
    findings.push({ code, severity, message, turn: number, ...(span && { span }) });
  };
  const addressed = addressedImages(turn.drawings);
  for (const [index, { first: i }] of addressed) {
    if (index >= 1 && index <= images.length) continue;
    if (index < 1) {
      report('index-below-one', 'error', i, `Images are counted from 1; the drawing names image ${index}.`);
    } else {
      const there = images.length === 1 ? 'there is 1 image' : `there are ${images.length} images`;
      report('no-such-image', 'error', i, `The drawing names image ${index}; ${there} before this turn.`);
    }
  }
  if (findings.length > 0) return { images: [], findings };
  reportDuplicates(turn.drawings, report);

  const added: LineageImage[] = [];
  for (const [index, { first, drawn }] of addressed) {
    const base = images[index - 1];
    if (!base) continue;
    if (added.length > 0 && images.length + added.length >= maxImages) {
      report(
        'image-limit',
        'warning',
        first,
        `The limit of ${maxImages} images is reached; this one is not drawn.`,
      );
      continue;
    }
    const canvas = mergeCanvas(base.canvas, drawn);
    added.push({
      number: images.length + added.length + 1,
      base: index,
      root: base.root,
      turn: number,
      drawn,
      canvas,
      ghosts: [...base.ghosts, ...replaced(base.canvas, canvas)],
    });
  }
  return { images: added, findings };
}

/** The list of an image after `drawn` is drawn on one whose list is `base`. */
export function mergeCanvas(base: Canvas, drawn: readonly Drawing[]): Canvas {
  const boxes: (Box | UnpaintedBox)[] = [];
  const lines: Line[] = [];
  for (const drawing of drawn) {
    if (isLine(drawing)) lines.push(drawing);
    else boxes.push(drawing);
  }
  return { boxes: mergeByLabel(base.boxes, boxes), lines: mergeByLabel(base.lines, lines) };
}

function mergeByLabel<T extends Drawing>(base: readonly T[], drawn: readonly T[]): T[] {
  const latest = new Map(drawn.map((drawing) => [drawing.label, drawing]));
  const kept = base.map((drawing) => {
    const successor = latest.get(drawing.label);
    latest.delete(drawing.label);
    return successor ?? drawing;
  });
  return [...kept, ...latest.values()];
}

/** What a turn draws on one image; `first` is the place of the first of it among the turn's drawings. */
interface Addressed {
  first: number;
  readonly drawn: Drawing[];
}

/** The images a turn names, each once, in the order of those that come of them: boxes decide before lines. */
function addressedImages(drawings: readonly Drawing[]): ReadonlyMap<number, Readonly<Addressed>> {
  const addressed = new Map<number, Addressed>();
  const boxes = drawings.filter((drawing) => !isLine(drawing));
  for (const { index } of [...boxes, ...drawings.filter(isLine)]) {
    if (!addressed.has(index)) addressed.set(index, { first: drawings.length, drawn: [] });
  }
  drawings.forEach((drawing, i) => {
    const image = addressed.get(drawing.index);
    if (!image) return;
    image.first = Math.min(image.first, i);
    image.drawn.push(drawing);
  });
  return addressed;
}

/** What `now` no longer holds of what `before` painted. A list is never shorter than the one it came from. */
function replaced(before: Canvas, now: Canvas): Drawing[] {
  const boxes = before.boxes.filter((box, i) => !isUnpainted(box) && !sameShape(box, now.boxes[i]));
  return [...boxes, ...before.lines.filter((line, i) => !sameShape(line, now.lines[i]))];
}

function sameShape(a: Drawing, b: Drawing | undefined): boolean {
  return a === b || (b !== undefined && coordinates(a).join() === coordinates(b).join());
}

const coordinates = (drawing: Drawing): readonly number[] =>
  isLine(drawing) ? [...drawing.start_point_2d, ...drawing.end_point_2d] : drawing.bbox_2d;

function reportDuplicates(
  drawings: readonly Drawing[],
  report: (code: LineageFindingCode, severity: Finding['severity'], i: number, message: string) => void,
): void {
  const seen = new Map<string, number>();
  drawings.forEach((drawing, i) => {
    const key = `${isLine(drawing)} ${drawing.index} ${drawing.label}`;
    const earlier = seen.get(key);
    if (earlier !== undefined) {
      const label = JSON.stringify(drawing.label);
      report(
        'duplicate-label',
        'warning',
        earlier,
        `A later drawing of this turn has the label ${label} too; only that one is drawn.`,
      );
    }
    seen.set(key, i);
  });
}
