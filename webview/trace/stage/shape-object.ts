import { FabricObject } from 'fabric';
import { DOT_RADIUS, END_COLOUR, START_COLOUR, STROKE } from '../../../src/trace/paint-rules';
import { boundsOf, type Outline } from '../model/geometry';
import { contrasting, css, type Shape } from '../model/shapes';

/** How much a shape stands out: `lit` is pointed at, and then all others are `dim`. */
export type Emphasis = 'plain' | 'lit' | 'dim';

/** Widths on the screen in CSS pixels: as upstream paints them where that is no thicker or thinner than these. */
const THINNEST = 2;
const THICKEST = 4;
const LARGEST_DOT = 6;
const HALO = 1.5;

const START = { name: 'red', colour: START_COLOUR };
const END = { name: 'blue', colour: END_COLOUR };

/**
 * A shape on the stage. It lies in model space, but its stroke keeps its width on the screen. A box's stroke lies within
 * its outer edge, as upstream paints it; around all goes a halo in black or white, whichever stands out from the colour.
 * A ghost is dashed. A line has a dot where it starts and an arrow's head with a ring where it ends.
 */
export class ShapeObject extends FabricObject {
  emphasis: Emphasis = 'plain';

  constructor(
    readonly shape: Shape,
    readonly outline: Outline,
  ) {
    const { left, top, right, bottom } = boundsOf(outline);
    super({
      originX: 'left',
      originY: 'top',
      left,
      top,
      width: right - left,
      height: bottom - top,
      strokeWidth: 0,
      objectCaching: false,
      selectable: false,
      evented: false,
    });
  }

  /** An upright or level line has no width or height, and is there all the same. */
  override isNotVisible(): boolean {
    return !this.visible;
  }

  /** Draws around the middle of the object, where fabric puts the origin. */
  override _render(context: CanvasRenderingContext2D): void {
    const scale = this.canvas?.getZoom() ?? 1;
    context.translate(-this.left - this.width / 2, -this.top - this.height / 2);
    context.globalAlpha = this.emphasis === 'dim' ? 0.35 : this.shape.ghost ? 0.85 : 1;
    const wide = Math.min(Math.max(STROKE * scale, THINNEST), THICKEST) * (this.emphasis === 'lit' ? 1.5 : 1);
    const pen = { context, stroke: (this.shape.ghost ? THINNEST : wide) / scale, pixel: 1 / scale };
    if (this.outline.kind === 'box') this.renderBox(pen, this.outline);
    else this.renderLine(pen, this.outline);
  }

  private renderBox({ context, stroke, pixel }: Pen, box: Outline & { kind: 'box' }): void {
    const { left, top, right, bottom } = box;
    const [width, height] = [right - left, bottom - top];
    const inset = Math.min(stroke, width, height) / 2;
    const { colour, ghost } = this.shape;
    if (this.emphasis === 'lit') {
      context.fillStyle = css(colour, 0.18);
      context.fillRect(left, top, width, height);
    }
    const draw = () => context.strokeRect(left + inset, top + inset, width - 2 * inset, height - 2 * inset);
    strokeTwice({ context, stroke: inset * 2, pixel }, css(colour), contrasting(colour), ghost, draw);
  }

  private renderLine(pen: Pen, { from, to }: Outline & { kind: 'line' }): void {
    const { context, pixel } = pen;
    const { colour, ghost } = this.shape;
    strokeTwice(pen, css(colour), contrasting(colour), ghost, () => {
      context.beginPath();
      context.moveTo(from[0], from[1]);
      context.lineTo(to[0], to[1]);
      context.stroke();
    });
    const radius =
      Math.min(Math.max(DOT_RADIUS, 4 * pixel), LARGEST_DOT * pixel) * (this.emphasis === 'lit' ? 1.25 : 1);
    this.renderDot(pen, from, radius, css(START));
    this.renderHead(pen, from, to, radius);
    this.renderDot(pen, to, radius, css(END), 'white');
  }

  private renderDot(
    { context, pixel }: Pen,
    [x, y]: readonly [number, number],
    radius: number,
    fill: string,
    ring = 'transparent',
  ): void {
    context.beginPath();
    context.arc(x, y, radius + HALO * pixel, 0, 2 * Math.PI);
    context.fillStyle = 'white';
    context.fill();
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = fill;
    context.fill();
    if (ring === 'transparent') return;
    context.beginPath();
    context.arc(x, y, radius / 2.5, 0, 2 * Math.PI);
    context.fillStyle = ring;
    context.fill();
  }

  /** An arrow's head before the last dot, if the line is long enough to have room for it. */
  private renderHead(
    { context, pixel }: Pen,
    from: readonly [number, number],
    to: readonly [number, number],
    radius: number,
  ): void {
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    const head = 9 * pixel;
    if (length < head * 2 + radius * 2) return;
    const [ux, uy] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
    const [tipX, tipY] = [to[0] - ux * radius, to[1] - uy * radius];
    const [backX, backY] = [tipX - ux * head, tipY - uy * head];
    const half = head * 0.6;
    context.beginPath();
    context.moveTo(tipX, tipY);
    context.lineTo(backX - uy * half, backY + ux * half);
    context.lineTo(backX + uy * half, backY - ux * half);
    context.closePath();
    context.lineWidth = 2 * HALO * pixel;
    context.strokeStyle = 'white';
    context.stroke();
    context.fillStyle = 'black';
    context.fill();
  }
}

/** What to draw with: lengths in model space; `pixel` is one CSS pixel. */
interface Pen {
  readonly context: CanvasRenderingContext2D;
  readonly stroke: number;
  readonly pixel: number;
}

/** The halo, and the stroke on it; of a ghost both are dashed. */
function strokeTwice(
  { context, stroke, pixel }: Pen,
  colour: string,
  halo: string,
  dashed: boolean,
  draw: () => void,
): void {
  context.setLineDash(dashed ? [5 * pixel, 4 * pixel] : []);
  context.lineWidth = stroke + 2 * HALO * pixel;
  context.strokeStyle = halo;
  draw();
  context.lineWidth = stroke;
  context.strokeStyle = colour;
  draw();
}
