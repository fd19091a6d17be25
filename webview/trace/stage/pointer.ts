import type { Point } from '../../../src/trace/geometry';
import { wheelFactor } from '../model/viewport';

/** What a pointer and the wheel mean on the stage; points are in CSS pixels of the stage. */
export interface StageGestures {
  readonly onPan: (by: Point) => void;
  readonly onZoom: (factor: number, at: Point) => void;
  /** The pointer is at a place, or null when it left. */
  readonly onPoint: (at: Point | null) => void;
  /** With `more`, which is a key held, it is one besides others. */
  readonly onClick: (at: Point, more: boolean) => void;
  /** What a drag from a place changes in place of moving what is shown; null if nothing. With `band` it is drawn around things. */
  readonly grab: (at: Point, band: boolean) => Grab | null;
}

/** A drag that changes something: it goes on to a place, and ends there or comes to nothing. */
export interface Grab {
  readonly onMove: (at: Point) => void;
  readonly onDrop: () => void;
  /** The Escape key, or something took the pointer away. */
  readonly onCancel: () => void;
}

interface Drag {
  readonly start: Point;
  last: Point;
  moved: boolean;
  readonly grab: Grab | null;
}

/** A pointer that moved less than this between down and up has clicked, in CSS pixels. */
const CLICK = 4;
const LINE = 16;

/** Reads an element's pointer and wheel until the function that is returned is called. */
export function readGestures(element: HTMLElement, gestures: StageGestures): () => void {
  let drag: Drag | null = null;
  const at = ({ clientX, clientY }: MouseEvent): Point => {
    const { left, top } = element.getBoundingClientRect();
    return [clientX - left, clientY - top];
  };
  const onDown = (event: PointerEvent) => {
    if (event.button > 1) return;
    element.setPointerCapture(event.pointerId);
    const start = at(event);
    const grab = event.button === 0 ? gestures.grab(start, event.shiftKey) : null;
    drag = { start, last: start, moved: false, grab };
  };
  const onMove = (event: PointerEvent) => {
    const point = at(event);
    if (drag) {
      drag.moved ||= Math.hypot(point[0] - drag.start[0], point[1] - drag.start[1]) >= CLICK;
      if (drag.moved) {
        if (drag.grab) drag.grab.onMove(point);
        else gestures.onPan([point[0] - drag.last[0], point[1] - drag.last[1]]);
        drag.last = point;
      }
    }
    gestures.onPoint(point);
  };
  const onUp = (event: PointerEvent) => {
    const ended = drag;
    drag = null;
    if (ended?.moved) ended.grab?.onDrop();
    else if (ended && event.button === 0)
      gestures.onClick(at(event), event.shiftKey || event.ctrlKey || event.metaKey);
  };
  const cancel = () => {
    if (drag?.moved) drag.grab?.onCancel();
    drag = null;
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !drag?.grab) return;
    event.preventDefault();
    event.stopPropagation();
    cancel();
  };
  const onLeave = () => gestures.onPoint(null);
  const onWheel = (event: WheelEvent) => {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1;
    if (event.shiftKey) gestures.onPan([-(event.deltaX + event.deltaY) * unit, 0]);
    else gestures.onZoom(wheelFactor(event.deltaY * unit), at(event));
  };
  const listeners = new AbortController();
  const { signal } = listeners;
  element.addEventListener('pointerdown', onDown, { signal });
  element.addEventListener('pointermove', onMove, { signal });
  element.addEventListener('pointerup', onUp, { signal });
  element.addEventListener('pointercancel', cancel, { signal });
  // Before the stage itself takes the key, and wherever the focus is.
  window.addEventListener('keydown', onKey, { signal, capture: true });
  element.addEventListener('pointerleave', onLeave, { signal });
  element.addEventListener('wheel', onWheel, { signal, passive: false });
  return () => listeners.abort();
}
