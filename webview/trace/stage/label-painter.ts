import type { Size } from '../../../src/trace/geometry';
import type { Viewport } from '../model/viewport';
import type { Scene } from './scene';
import type { ShapeObject } from './shape-object';

const HEIGHT = 17;
const PADDING = 4;
const GAP = 2;
/** More would cover one another anyhow, and cost a frame's time. */
const MOST = 300;
const MOST_CHARACTERS = 40;
/** Cells in which labels are looked for that are in the way, in CSS pixels. */
const CELL = 64;
/** More cells than a stage has columns. */
const ROW_OF_CELLS = 4096;

/** A text on the canvas and how wide it is, in CSS pixels. */
interface Caption {
  readonly text: string;
  readonly width: number;
}

/** What is written on a shape: its number with its label, and where that has no room, its number. */
interface Captions {
  readonly long: Caption;
  readonly short: Caption;
}

interface Chip {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/**
 * Paints the shapes' numbers and labels, in CSS pixels over the drawn shapes: above a box, or beside the middle of a line.
 * A label that would cover another shrinks to its number, and is left out if that has no room either.
 */
export class LabelPainter {
  private readonly captions = new WeakMap<ShapeObject, Captions>();

  /** @param font as CSS writes it. */
  constructor(private readonly font: string) {}

  paint(
    context: CanvasRenderingContext2D,
    objects: readonly ShapeObject[],
    { viewport, size, labels }: Pick<Scene, 'viewport' | 'size' | 'labels'>,
  ): void {
    context.font = this.font;
    context.textBaseline = 'middle';
    context.lineWidth = 1;
    context.setLineDash([]);
    const taken = new Map<number, Chip[]>();
    let painted = 0;
    for (const object of inOrder(objects)) {
      if (painted >= MOST) return;
      const { long, short } = this.captionsOf(context, object);
      const captions = labels || object.emphasis === 'lit' ? [long, short] : [short];
      for (const { text, width } of captions) {
        const chip = keepWithin(placeChip(object, width, viewport), size);
        if (object.emphasis !== 'lit' && isTaken(taken, chip)) continue;
        take(taken, chip);
        paintChip(context, chip, text, object);
        painted++;
        break;
      }
    }
  }

  private captionsOf(context: CanvasRenderingContext2D, object: ShapeObject): Captions {
    const known = this.captions.get(object);
    if (known) return known;
    const { number, drawing, ghost } = object.shape;
    const cut = drawing.label.slice(0, MOST_CHARACTERS);
    const label = cut === drawing.label ? cut : `${cut}…`;
    const measure = (text: string) => ({ text, width: context.measureText(text).width + 2 * PADDING });
    const captions = {
      long: measure(ghost ? `${number} ghost: ${label}` : `${number} ${label}`),
      short: measure(String(number)),
    };
    this.captions.set(object, captions);
    return captions;
  }
}

function placeChip({ outline, bounds }: ShapeObject, width: number, { scale, x, y }: Viewport): Chip {
  const { left, top, right, bottom } = bounds;
  if (outline.kind === 'line') {
    const upright = bottom - top > right - left;
    const [middleX, middleY] = [((left + right) / 2) * scale + x, ((top + bottom) / 2) * scale + y];
    return upright
      ? { x: middleX + 8, y: middleY - HEIGHT / 2, width }
      : { x: middleX - width / 2, y: middleY - HEIGHT - 6, width };
  }
  const above = top * scale + y - HEIGHT - GAP;
  // A box whose top is out of sight, but not all of it, has its label inside.
  const inside = above < 0 && bottom * scale + y > HEIGHT;
  return { x: left * scale + x, y: inside ? Math.max(top * scale + y, 0) + GAP : above, width };
}

/** A shape in sight has its label in sight. */
function keepWithin({ x, y, width }: Chip, size: Size): Chip {
  return { x: Math.max(Math.min(x, size.width - width - 2), 0), y, width };
}

/** What is lit first, then what is in the list, then ghosts: who comes first has the room. */
function inOrder(objects: readonly ShapeObject[]): ShapeObject[] {
  const ranks: [lit: ShapeObject[], listed: ShapeObject[], ghosts: ShapeObject[]] = [[], [], []];
  for (const object of objects)
    ranks[object.emphasis === 'lit' ? 0 : object.shape.ghost ? 2 : 1].push(object);
  return ranks.flat();
}

/** Calls `each` for the cells that a chip lies in, until it answers true; whether it did. */
function someCell({ x, y, width }: Chip, each: (cell: number) => boolean): boolean {
  for (let row = Math.floor(y / CELL); row <= Math.floor((y + HEIGHT) / CELL); row++) {
    for (let column = Math.floor(x / CELL); column <= Math.floor((x + width) / CELL); column++) {
      if (each(row * ROW_OF_CELLS + column)) return true;
    }
  }
  return false;
}

function isTaken(taken: ReadonlyMap<number, readonly Chip[]>, chip: Chip): boolean {
  const covers = (other: Chip) =>
    chip.x < other.x + other.width && other.x < chip.x + chip.width && Math.abs(chip.y - other.y) < HEIGHT;
  return someCell(chip, (cell) => taken.get(cell)?.some(covers) ?? false);
}

function take(taken: Map<number, Chip[]>, chip: Chip): void {
  someCell(chip, (cell) => {
    const chips = taken.get(cell);
    if (chips) chips.push(chip);
    else taken.set(cell, [chip]);
    return false;
  });
}

function paintChip(context: CanvasRenderingContext2D, chip: Chip, text: string, object: ShapeObject): void {
  const { x, y, width } = chip;
  const { shape, emphasis, ink, halo } = object;
  context.globalAlpha = emphasis === 'dim' ? 0.35 : 1;
  context.beginPath();
  context.roundRect(Math.round(x) + 0.5, Math.round(y) + 0.5, Math.round(width), HEIGHT, 3);
  context.fillStyle = shape.ghost ? 'white' : ink;
  context.fill();
  if (shape.ghost) context.setLineDash([3, 2]);
  context.strokeStyle = shape.ghost ? 'black' : halo;
  context.stroke();
  if (shape.ghost) context.setLineDash([]);
  context.fillStyle = shape.ghost ? 'black' : halo;
  context.fillText(text, Math.round(x) + PADDING, Math.round(y) + HEIGHT / 2 + 1);
}
