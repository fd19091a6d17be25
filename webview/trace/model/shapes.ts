import { boxColour, type NamedColour } from '../../../src/trace/box-colours';
import { type Drawing, isLine } from '../../../src/trace/drawing';
import type { LineageImage } from '../../../src/trace/lineage';
import { LINE_COLOUR } from '../../../src/trace/paint-rules';
import type { Preview } from './state';
import type { TraceDocument } from './trace-document';
import { partsOf, type ShapeId } from './turn-view';

/** A drawing as it lies on one image. */
export interface Shape {
  readonly id: ShapeId;
  readonly drawing: Drawing;
  /** Its number on the image, from 1: boxes in the order of the list, then lines. A ghost has that of its successor. */
  readonly number: number;
  readonly colour: NamedColour;
  /** The turn that drew it. */
  readonly turn: number;
  /** Whether the turn that made the image drew it; else the image has it from the one it was drawn on. */
  readonly fresh: boolean;
  /** Whether only its pixels are left: a later drawing of the same label took its place in the list. */
  readonly ghost: boolean;
}

const BLACK: NamedColour = { name: 'black', colour: LINE_COLOUR };

/** All that lies on an image: the list in its order, and after it the ghosts, the oldest first. */
export function shapesOn({ ids }: Pick<TraceDocument, 'ids'>, image: LineageImage): Shape[] {
  const { boxes, lines } = image.canvas;
  const name = (drawing: Drawing, number: number, colour: NamedColour, ghost: boolean): Shape[] => {
    const id = ids.get(drawing);
    if (id === undefined) return [];
    const { turn } = partsOf(id);
    return [{ id, drawing, number, colour, turn, fresh: !ghost && turn === image.turn, ghost }];
  };
  const boxPlaces = new Map(boxes.map(({ label }, i) => [label, i]));
  const linePlaces = new Map(lines.map(({ label }, i) => [label, i]));
  return [
    ...boxes.flatMap((box, i) => name(box, i + 1, boxColour(i), false)),
    ...lines.flatMap((line, i) => name(line, boxes.length + i + 1, BLACK, false)),
    ...image.ghosts.flatMap((ghost) => {
      const place = (isLine(ghost) ? linePlaces : boxPlaces).get(ghost.label) ?? 0;
      return isLine(ghost)
        ? name(ghost, boxes.length + place + 1, BLACK, true)
        : name(ghost, place + 1, boxColour(place), true);
    }),
  ];
}

/** Shapes as a preview shows them: those of their names among `shapes`, or a new one after them all. */
export function previewShapes(preview: Preview, shapes: readonly Shape[]): readonly Shape[] {
  const there = shapes.flatMap((shape) => {
    const drawing = preview.get(shape.id);
    return drawing === undefined ? [] : [{ ...shape, drawing }];
  });
  if (there.length > 0) return there;
  return [...preview].map(([id, drawing]) => newShape(id, drawing, shapes));
}

function newShape(id: ShapeId, drawing: Drawing, shapes: readonly Shape[]): Shape {
  const listed = shapes.filter(({ ghost }) => !ghost);
  const boxes = listed.filter((shape) => !isLine(shape.drawing)).length;
  const line = isLine(drawing);
  return {
    id,
    drawing,
    number: line ? listed.length + 1 : boxes + 1,
    colour: line ? BLACK : boxColour(boxes),
    turn: partsOf(id).turn,
    fresh: true,
    ghost: false,
  };
}

/** The colour as CSS writes it, with an opacity from 0 to 1. */
export function css({ colour: [red, green, blue] }: Pick<NamedColour, 'colour'>, opacity = 1): string {
  return opacity === 1 ? `rgb(${red} ${green} ${blue})` : `rgb(${red} ${green} ${blue} / ${opacity})`;
}

/** Black or white: the one that stands out more from a colour, by WCAG 2's relative luminance. */
export function contrasting({ colour }: Pick<NamedColour, 'colour'>): 'black' | 'white' {
  const [red = 0, green = 0, blue = 0] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  // Where (luminance + 0.05) / 0.05 = 1.05 / (luminance + 0.05), both stand out alike.
  return luminance > 0.179 ? 'black' : 'white';
}
