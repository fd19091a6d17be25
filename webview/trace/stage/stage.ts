import { StaticCanvas } from 'fabric';
import type { Point } from '../../../src/trace/geometry';
import { outlineOf, type Rect } from '../model/geometry';
import type { Part } from '../model/handles';
import { distanceTo, pick } from '../model/pick';
import type { Shape } from '../model/shapes';
import type { ShapeId } from '../model/turn-view';
import { toModel } from '../model/viewport';
import { paintBand, paintGroup } from './group';
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
  /** Drawn for no other reason than that they are lit. */
  private extra: ShapeObject[] = [];
  /** In the places of the shapes of the same names, which are not drawn then. */
  private preview: ShapeObject[] = [];
  private band: Rect | null = null;
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
    this.paintSoon();
  }

  /** Shows a band that is drawn around shapes, in model space, or none. */
  showBand(band: Rect | null): void {
    this.band = band;
    this.paintSoon();
  }

  /** The shapes that are drawn, in the order of the list. */
  get shapes(): readonly Shape[] {
    return this.objects.map(({ shape }) => shape);
  }

  /** The shape under a point of the stage, in CSS pixels. */
  shapeAt(at: Point): ShapeId | null {
    if (this.scene === null) return null;
    const { viewport } = this.scene;
    const targets = this.objects.map(({ shape, outline }) => ({ item: shape.id, outline }));
    return pick(targets, toModel(viewport, at), REACH / viewport.scale);
  }

  /**
   * What of the shapes that can be moved is at a point of the stage; null if nothing, a null part where it is the inside of
   * one. Where there are several, no part of one can be moved by itself.
   */
  gripAt(at: Point): { readonly part: Part | null } | null {
    if (this.scene === null) return null;
    const { viewport } = this.scene;
    const edited = this.edited();
    const [first] = edited;
    if (first !== undefined && edited.length === 1) {
      const part = nearestPart(first, at, viewport);
      if (part !== null) return { part };
    }
    const point = toModel(viewport, at);
    return edited.some((object) => isOn(object, point, REACH / viewport.scale)) ? { part: null } : null;
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

  private replacePreview(shapes: readonly Shape[]): void {
    this.canvas.remove(...this.preview);
    this.preview = shapes.flatMap((shape) => objectOf(shape) ?? []);
    this.canvas.add(...this.preview);
  }

  /** The shapes that can be moved, as they are drawn. */
  private edited(): readonly ShapeObject[] {
    const shapes = this.scene?.editing.shapes ?? [];
    if (shapes.length === 0) return [];
    const ids = new Set(shapes);
    return this.drawn().filter(({ shape }) => ids.has(shape.id));
  }

  private emphasise({ all, lit }: Scene): void {
    this.canvas.remove(...this.extra);
    this.extra = [];
    const ids = new Set(lit);
    if (ids.size > 0) {
      const there = new Set(this.objects.map(({ shape }) => shape.id));
      const missing = all.filter(({ id }) => ids.has(id) && !there.has(id));
      this.extra = missing.flatMap((shape) => objectOf(shape) ?? []);
      this.canvas.add(...this.extra);
    }
    const objects = this.drawn();
    const some = objects.some(({ shape }) => ids.has(shape.id));
    for (const object of objects) {
      object.emphasis = !some ? 'plain' : ids.has(object.shape.id) ? 'lit' : 'dim';
    }
  }

  private drawn(): readonly ShapeObject[] {
    const { extra, preview } = this;
    if (extra.length === 0 && preview.length === 0) return this.objects;
    const replaced = new Set(preview.map(({ shape }) => shape.id));
    const objects = [...this.objects, ...extra].filter(({ shape }) => !replaced.has(shape.id));
    return [...objects, ...preview];
  }

  private paintSoon(): void {
    if (this.waiting === 0) this.waiting = requestAnimationFrame(() => this.paint());
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
    for (const object of this.extra) object.visible = false;
    for (const object of this.drawn()) object.visible = isInSight(object.bounds, this.scene);
    this.canvas.renderAll();
    this.painted(this.scene, this.drawn().length);
  }

  private paintLabels(context: CanvasRenderingContext2D): void {
    if (this.scene === null) return;
    const inSight = this.drawn().filter(({ visible }) => visible);
    const { viewport, editing } = this.scene;
    const edited = this.edited();
    const [first, ...others] = edited;
    context.save();
    if (others.length > 0) paintGroup(context, edited, viewport);
    this.painter.paint(context, inSight, this.scene);
    if (first !== undefined && others.length === 0) paintHandles(context, first, viewport, editing.part);
    if (this.band) paintBand(context, this.band, viewport);
    context.restore();
  }
}

function objectOf(shape: Shape): ShapeObject | null {
  const outline = outlineOf(shape.drawing);
  return outline && new ShapeObject(shape, outline);
}

/** Whether a point of model space is in a box, or so near to a line or an edge. */
function isOn({ bounds, outline }: ShapeObject, point: Point, reach: number): boolean {
  const { left, top, right, bottom } = bounds;
  const [x, y] = point;
  const inside = outline.kind === 'box' && x >= left && x < right && y >= top && y < bottom;
  return inside || distanceTo(outline, point) <= reach;
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
