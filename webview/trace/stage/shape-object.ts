import { FabricObject } from 'fabric';
import { DOT_RADIUS, END_COLOUR, START_COLOUR, STROKE } from '../../../src/trace/paint-rules';
import { boundsOf, type Outline, type Rect } from '../model/geometry';
import { contrasting, css, type Shape } from '../model/shapes';

/** How much a shape stands out: `lit` is pointed at, and then all others are `dim`. */
export type Emphasis = 'plain' | 'lit' | 'dim';

/** Widths on the screen in CSS pixels: as upstream paints them where that is no thicker or thinner than these. */
const THINNEST = 2;
const THICKEST = 4;
const LARGEST_DOT = 6;
const HALO = 1.5;

const START = css({ colour: START_COLOUR });
const END = css({ colour: END_COLOUR });

/**
 * A shape on the stage. It lies in model space, but its stroke keeps its width on the screen. A box's stroke lies within
 * its outer edge, as upstream paints it; around all goes a halo in black or white, whichever stands out from the colour.
 * A ghost is dashed. A line has a dot where it starts and an arrow's head with a ring where it ends.
 */
export class ShapeObject extends FabricObject {
  emphasis: Emphasis = 'plain';
  /** Of outline and shape, made once: thousands of shapes are drawn in each frame. */
  readonly bounds: Rect;
  readonly ink: string;
  readonly halo: string;

  constructor(
    readonly shape: Shape,
    readonly outline: Outline,
  ) {
    const bounds = boundsOf(outline);
    const { left, top, right, bottom } = bounds;
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
    this.bounds = bounds;
    this.ink = css(shape.colour);
    this.halo = contrasting(shape.colour);
  }

  /**
   * Draws where the outline is, under the transform of the canvas alone: a shape is never turned or skewed, and what
   * fabric does for those that are costs more than the drawing. Leaves the context's styles as they fall.
   */
  override render(context: CanvasRenderingContext2D): void {
    const { emphasis, outline, shape } = this;
    if (!this.visible) return;
    const scale = this.canvas?.getZoom() ?? 1;
    context.globalAlpha = emphasis === 'dim' ? 0.35 : shape.ghost ? 0.85 : 1;
    const wide = Math.min(Math.max(STROKE * scale, THINNEST), THICKEST) * (emphasis === 'lit' ? 1.5 : 1);
    const pen = { context, stroke: (shape.ghost ? THINNEST : wide) / scale, pixel: 1 / scale };
    if (shape.ghost) context.setLineDash([5 * pen.pixel, 4 * pen.pixel]);
    if (outline.kind === 'box') this.renderBox(pen, outline);
    else this.renderLine(pen, outline);
    if (shape.ghost) context.setLineDash([]);
  }

  private renderBox({ context, stroke, pixel }: Pen, box: Outline & { kind: 'box' }): void {
    const { left, top, right, bottom } = box;
    const [width, height] = [right - left, bottom - top];
    const inset = Math.min(stroke, width, height) / 2;
    if (this.emphasis === 'lit') {
      context.fillStyle = css(this.shape.colour, 0.18);
      context.fillRect(left, top, width, height);
    }
    context.lineWidth = 2 * inset + 2 * HALO * pixel;
    context.strokeStyle = this.halo;
    context.strokeRect(left + inset, top + inset, width - 2 * inset, height - 2 * inset);
    context.lineWidth = 2 * inset;
    context.strokeStyle = this.ink;
    context.strokeRect(left + inset, top + inset, width - 2 * inset, height - 2 * inset);
  }

  private renderLine(pen: Pen, { from, to }: Outline & { kind: 'line' }): void {
    const { context, stroke, pixel } = pen;
    context.beginPath();
    context.moveTo(from[0], from[1]);
    context.lineTo(to[0], to[1]);
    context.lineWidth = stroke + 2 * HALO * pixel;
    context.strokeStyle = this.halo;
    context.stroke();
    context.lineWidth = stroke;
    context.strokeStyle = this.ink;
    context.stroke();
    const radius =
      Math.min(Math.max(DOT_RADIUS, 4 * pixel), LARGEST_DOT * pixel) * (this.emphasis === 'lit' ? 1.25 : 1);
    this.renderDot(pen, from, radius, START);
    this.renderHead(pen, from, to, radius);
    this.renderDot(pen, to, radius, END, 'white');
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
