import { boundsOf } from '../model/geometry';
import { contrasting, css, type Shape } from '../model/shapes';
import type { Viewport } from '../model/viewport';
import type { ShapeObject } from './shape-object';

const HEIGHT = 17;
const PADDING = 4;
const GAP = 2;
/** More would cover one another anyhow, and cost a frame's time. */
const MOST = 300;
const MOST_CHARACTERS = 40;
/** Cells in which labels are looked for that are in the way, in CSS pixels. */
const CELL = 64;

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
  private readonly widths = new Map<string, number>();

  /** @param font as CSS writes it. */
  constructor(private readonly font: string) {}

  paint(
    context: CanvasRenderingContext2D,
    objects: readonly ShapeObject[],
    viewport: Viewport,
    labels: boolean,
  ): void {
    context.font = this.font;
    context.textBaseline = 'middle';
    context.setLineDash([]);
    const taken = new Map<string, Chip[]>();
    let painted = 0;
    for (const object of inOrder(objects)) {
      if (painted >= MOST) return;
      const { shape, emphasis } = object;
      const long = labels || emphasis === 'lit' ? textOf(shape) : String(shape.number);
      for (const text of new Set([long, String(shape.number)])) {
        const chip = this.place(context, object, text, viewport);
        if (emphasis !== 'lit' && isTaken(taken, chip)) continue;
        take(taken, chip);
        paintChip(context, chip, text, shape, emphasis === 'dim');
        painted++;
        break;
      }
    }
  }

  private place(
    context: CanvasRenderingContext2D,
    { outline }: ShapeObject,
    text: string,
    viewport: Viewport,
  ): Chip {
    const width = this.widthOf(context, text) + 2 * PADDING;
    const { left, top, right, bottom } = boundsOf(outline);
    const { scale, x, y } = viewport;
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

  private widthOf(context: CanvasRenderingContext2D, text: string): number {
    const known = this.widths.get(text);
    if (known !== undefined) return known;
    const { width } = context.measureText(text);
    if (this.widths.size > 10_000) this.widths.clear();
    this.widths.set(text, width);
    return width;
  }
}

/** What is lit first, then what is in the list, then ghosts: who comes first has the room. */
function inOrder(objects: readonly ShapeObject[]): ShapeObject[] {
  const rank = ({ shape, emphasis }: ShapeObject) => (emphasis === 'lit' ? 0 : shape.ghost ? 2 : 1);
  return [0, 1, 2].flatMap((wanted) => objects.filter((object) => rank(object) === wanted));
}

function textOf({ number, drawing: { label }, ghost }: Shape): string {
  const short = label.length > MOST_CHARACTERS ? `${label.slice(0, MOST_CHARACTERS)}…` : label;
  return ghost ? `${number} ghost: ${short}` : `${number} ${short}`;
}

function cellsOf({ x, y, width }: Chip): string[] {
  const cells: string[] = [];
  for (let column = Math.floor(x / CELL); column <= Math.floor((x + width) / CELL); column++) {
    for (let row = Math.floor(y / CELL); row <= Math.floor((y + HEIGHT) / CELL); row++)
      cells.push(`${column} ${row}`);
  }
  return cells;
}

function isTaken(taken: ReadonlyMap<string, readonly Chip[]>, chip: Chip): boolean {
  return cellsOf(chip).some((cell) =>
    taken
      .get(cell)
      ?.some(
        (other) =>
          chip.x < other.x + other.width &&
          other.x < chip.x + chip.width &&
          Math.abs(chip.y - other.y) < HEIGHT,
      ),
  );
}

function take(taken: Map<string, Chip[]>, chip: Chip): void {
  for (const cell of cellsOf(chip)) {
    const chips = taken.get(cell);
    if (chips) chips.push(chip);
    else taken.set(cell, [chip]);
  }
}

function paintChip(
  context: CanvasRenderingContext2D,
  chip: Chip,
  text: string,
  shape: Shape,
  dim: boolean,
): void {
  const { x, y, width } = chip;
  const ink = contrasting(shape.colour);
  context.globalAlpha = dim ? 0.35 : 1;
  context.beginPath();
  context.roundRect(Math.round(x) + 0.5, Math.round(y) + 0.5, Math.round(width), HEIGHT, 3);
  context.fillStyle = shape.ghost ? 'white' : css(shape.colour);
  context.fill();
  context.lineWidth = 1;
  context.setLineDash(shape.ghost ? [3, 2] : []);
  context.strokeStyle = shape.ghost ? 'black' : ink;
  context.stroke();
  context.fillStyle = shape.ghost ? 'black' : ink;
  context.fillText(text, Math.round(x) + PADDING, Math.round(y) + HEIGHT / 2 + 1);
  context.globalAlpha = 1;
}
