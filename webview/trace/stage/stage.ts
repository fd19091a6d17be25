import { StaticCanvas } from 'fabric';
import type { Point } from '../../../src/trace/geometry';
import { outlineOf, type Rect } from '../model/geometry';
import type { Part } from '../model/handles';
import { distanceTo, pick } from '../model/pick';
import type { Shape } from '../model/shapes';
import type { ShapeId } from '../model/turn-view';
import { toModel } from '../model/viewport';
import { nearestPart, paintHandles } from './handles';
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
  /** In the place of the shape of the same name, which is not drawn then. */
  private preview: ShapeObject | null = null;
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
    const previewed = scene.preview !== before?.preview;
    if (others) this.replaceShapes(scene.shapes);
    if (previewed) this.replacePreview(scene.preview);
    if (others || previewed || scene.lit !== before?.lit) this.emphasise(scene);
    if (this.waiting === 0) this.waiting = requestAnimationFrame(() => this.paint());
  }

  /** The shape under a point of the stage, in CSS pixels. */
  shapeAt(at: Point): ShapeId | null {
    if (this.scene === null) return null;
    const { viewport } = this.scene;
    const targets = this.objects.map(({ shape, outline }) => ({ item: shape.id, outline }));
    return pick(targets, toModel(viewport, at), REACH / viewport.scale);
  }

  /** What of the shape that can be moved is at a point of the stage; null if nothing, a null part where it is its inside. */
  gripAt(at: Point): { readonly part: Part | null } | null {
    const object = this.edited();
    if (object === null || this.scene === null) return null;
    const { viewport } = this.scene;
    const point = toModel(viewport, at);
    const part = nearestPart(object, at, viewport);
    if (part !== null) return { part };
    const { left, top, right, bottom } = object.bounds;
    const [x, y] = point;
    const inside = object.outline.kind === 'box' && x >= left && x < right && y >= top && y < bottom;
    return inside || distanceTo(object.outline, point) <= REACH / viewport.scale ? { part: null } : null;
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

  private replacePreview(shape: Shape | null): void {
    if (this.preview) this.canvas.remove(this.preview);
    this.preview = shape && objectOf(shape);
    if (this.preview) this.canvas.add(this.preview);
  }

  /** The shape that can be moved, as it is drawn. */
  private edited(): ShapeObject | null {
    const id = this.scene?.editing?.shape;
    if (id === undefined) return null;
    if (this.preview?.shape.id === id) return this.preview;
    return this.drawn().find(({ shape }) => shape.id === id) ?? null;
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
    const { extra, preview } = this;
    if (extra === null && preview === null) return this.objects;
    const objects = extra ? [...this.objects, extra] : this.objects;
    return preview ? [...objects.filter(({ shape }) => shape.id !== preview.shape.id), preview] : objects;
  }

  private paint(): void {
    this.waiting = 0;
    if (this.scene === null) return;
    const { size, viewport } = this.scene;
    if (this.canvas.width !== size.width || this.canvas.height !== size.height)
      this.canvas.setDimensions(size);
    const { scale, x, y } = viewport;
    this.canvas.setViewportTransform([scale, 0, 0, scale, x, y]);
    for (const object of this.objects) object.visible = false;
    if (this.extra) this.extra.visible = false;
    for (const object of this.drawn()) object.visible = isInSight(object.bounds, this.scene);
    this.canvas.renderAll();
    this.painted(this.scene, this.drawn().length);
  }

  private paintLabels(context: CanvasRenderingContext2D): void {
    if (this.scene === null) return;
    const inSight = this.drawn().filter(({ visible }) => visible);
    context.save();
    this.painter.paint(context, inSight, this.scene);
    const edited = this.edited();
    if (edited) paintHandles(context, edited, this.scene.viewport, this.scene.editing?.part ?? null);
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
