import { StaticCanvas } from 'fabric';
import type { Point } from '../../../src/trace/geometry';
import { outlineOf, type Rect } from '../model/geometry';
import { pick } from '../model/pick';
import type { Shape } from '../model/shapes';
import type { ShapeId } from '../model/turn-view';
import { toModel } from '../model/viewport';
import { LabelPainter } from './label-painter';
import type { Scene } from './scene';
import { ShapeObject } from './shape-object';

/** So near to a shape is on it, in CSS pixels. */
const REACH = 6;

/** The shapes over the image, on a canvas. It paints at most once a frame, and only what is in sight. */
export class Stage {
  private readonly canvas: StaticCanvas;
  private readonly painter: LabelPainter;
  private objects: ShapeObject[] = [];
  /** Drawn for no other reason than that it is lit. */
  private extra: ShapeObject | null = null;
  private scene: Scene | null = null;
  private waiting = 0;

  /**
   * @param fontFamily of labels, as CSS writes it.
   * @param painted called after each frame with how many shapes are drawn.
   */
  constructor(
    element: HTMLCanvasElement,
    fontFamily: string,
    private readonly painted: (scene: Scene, shapes: number) => void,
  ) {
    this.canvas = new StaticCanvas(element, { renderOnAddRemove: false, skipOffscreen: false });
    this.painter = new LabelPainter(`12px ${fontFamily}`);
    this.canvas.on('after:render', ({ ctx }) => this.paintLabels(ctx));
  }

  show(scene: Scene): void {
    const before = this.scene;
    this.scene = scene;
    const others = scene.shapes !== before?.shapes;
    if (others) this.replaceShapes(scene.shapes);
    if (others || scene.lit !== before?.lit) this.emphasise(scene);
    if (this.waiting === 0) this.waiting = requestAnimationFrame(() => this.paint());
  }

  /** The shape under a point of the stage, in CSS pixels. */
  shapeAt(at: Point): ShapeId | null {
    if (this.scene === null) return null;
    const { viewport } = this.scene;
    const targets = this.objects.map(({ shape, outline }) => ({ item: shape.id, outline }));
    return pick(targets, toModel(viewport, at), REACH / viewport.scale);
  }

  close(): void {
    cancelAnimationFrame(this.waiting);
    void this.canvas.dispose();
  }

  private replaceShapes(shapes: readonly Shape[]): void {
    this.canvas.remove(...this.objects);
    this.objects = shapes.flatMap((shape) => objectOf(shape) ?? []);
    this.canvas.add(...this.objects);
  }

  private emphasise({ all, lit }: Scene): void {
    if (this.extra) this.canvas.remove(this.extra);
    this.extra = null;
    if (lit !== null && !this.objects.some(({ shape }) => shape.id === lit)) {
      const shape = all.find(({ id }) => id === lit);
      this.extra = shape ? objectOf(shape) : null;
      if (this.extra) this.canvas.add(this.extra);
    }
    const objects = this.drawn();
    const there = objects.some(({ shape }) => shape.id === lit);
    for (const object of objects) {
      object.emphasis = !there ? 'plain' : object.shape.id === lit ? 'lit' : 'dim';
    }
  }

  private drawn(): readonly ShapeObject[] {
    return this.extra ? [...this.objects, this.extra] : this.objects;
  }

  private paint(): void {
    this.waiting = 0;
    if (this.scene === null) return;
    const { size, viewport } = this.scene;
    if (this.canvas.width !== size.width || this.canvas.height !== size.height)
      this.canvas.setDimensions(size);
    const { scale, x, y } = viewport;
    this.canvas.setViewportTransform([scale, 0, 0, scale, x, y]);
    for (const object of this.drawn()) object.visible = isInSight(object.bounds, this.scene);
    this.canvas.renderAll();
    this.painted(this.scene, this.drawn().length);
  }

  private paintLabels(context: CanvasRenderingContext2D): void {
    if (this.scene === null) return;
    const inSight = this.drawn().filter(({ visible }) => visible);
    context.save();
    this.painter.paint(context, inSight, this.scene);
    context.restore();
  }
}

function objectOf(shape: Shape): ShapeObject | null {
  const outline = outlineOf(shape.drawing);
  return outline && new ShapeObject(shape, outline);
}

/** Around what is drawn there is a halo, a dot or an arrow's head, in CSS pixels. */
const AROUND = 12;

function isInSight({ left, top, right, bottom }: Rect, { size, viewport: { scale, x, y } }: Scene): boolean {
  return (
    right * scale + x > -AROUND &&
    bottom * scale + y > -AROUND &&
    left * scale + x < size.width + AROUND &&
    top * scale + y < size.height + AROUND
  );
}
