import { t } from '@vscode/l10n';
import { useCallback, useLayoutEffect, useRef } from 'preact/hooks';
import type { Point, Size } from '../../../src/trace/geometry';
import type { LineageImage } from '../../../src/trace/lineage';
import { useEditor } from '../edit/editor-context';
import { runKey } from '../edit/run-key';
import { countShapes } from '../model/counts';
import { previewShapes, type Shape } from '../model/shapes';
import { type AppState, litShapes } from '../model/state';
import { describeImage } from '../model/words';
import { viewportOf } from '../model/zoom';
import { useSelect, useStore } from '../store';
import { editKey } from './edit-keys';
import { grabAt } from './grab';
import { readGestures } from './pointer';
import type { Scene, StageShapes } from './scene';
import { Stage } from './stage';
import { keyAction } from './stage-keys';
import type { UsedImage } from './use-image';

interface ShapeCanvasProps {
  readonly image: LineageImage;
  readonly shapes: StageShapes;
  /** In model space. */
  readonly size: Size;
  readonly loaded: UsedImage;
  readonly seen: boolean;
  /** The pointer is at a place of the stage, in CSS pixels; null when it left. */
  readonly onPoint: (at: Point | null) => void;
}

/** Above this scale single pixels are shown as squares. */
const SQUARES_FROM = 2;

const NO_SHAPES: readonly Shape[] = [];

/**
 * The image and, over it, the canvas with the shapes. The image is an element of its own: a canvas that shows pixels of
 * another origin could no longer be read.
 */
export function ShapeCanvas({ image, shapes, size, loaded, seen, onPoint }: ShapeCanvasProps) {
  const store = useStore();
  const frame = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLElement | null>(null);
  const setPicture = useCallback((element: HTMLElement | null) => {
    picture.current = element;
  }, []);
  const canvas = useRef<HTMLCanvasElement>(null);
  const stage = useRef<Stage | null>(null);
  const editor = useEditor();
  const labels = useSelect((state) => state.options.labels);
  const editable = useSelect((state) => state.edits !== null);
  const tool = useSelect((state) => state.tool);
  const latest = useRef({ shapes, labels, size, onPoint });
  latest.current = { shapes, labels, size, onPoint };

  const draw = () => {
    const { state } = store;
    const { shapes, labels } = latest.current;
    stage.current?.show({
      size: state.stage.size,
      viewport: viewportOf(state),
      shapes: shapes.drawn,
      all: shapes.all,
      lit: state.preview ? [...state.preview.keys()] : litShapes(state),
      labels,
      editing: { shapes: state.edits === null ? [] : state.held, part: state.part },
      preview: state.preview ? previewShapes(state.preview, shapes.all) : NO_SHAPES,
    });
  };

  useLayoutEffect(() => {
    const [element, place] = [canvas.current, frame.current];
    if (!element || !place) return;
    const opened = new Stage(element, getComputedStyle(place).fontFamily, (scene, count) => {
      if (picture.current) placePicture(picture.current, scene, latest.current.size);
      noteFrame(place, scene, count);
    });
    stage.current = opened;
    const { dispatch } = store;
    const resized = new ResizeObserver(([entry]) => {
      const box = entry?.contentRect;
      if (box) dispatch({ type: 'stage', stage: { size: { width: box.width, height: box.height } } });
    });
    resized.observe(place);
    const endGestures = readGestures(place, {
      onPan: (by) => dispatch({ type: 'pan', by }),
      onZoom: (factor, at) => dispatch({ type: 'zoom-at', factor, at }),
      onClick: (at, more) => {
        // A tool waits for a drag.
        if (store.state.tool !== null) return;
        const shape = opened.shapeAt(at);
        if (!more || store.state.edits === null) dispatch({ type: 'hold', shape });
        else if (shape !== null) dispatch({ type: 'toggle', shape });
      },
      onPoint: (at) => {
        const { preview, tool } = store.state;
        if (preview === null) dispatch({ type: 'light', shape: at && opened.shapeAt(at) });
        place.dataset.grip = at && tool === null ? gripName(opened.gripAt(at)) : '';
        latest.current.onPoint(at);
      },
      grab: (at, band) => grabAt(store, editor, opened, at, { band }),
    });
    let drawn = drawnOf(store.state);
    const unsubscribe = store.subscribe(() => {
      const now = drawnOf(store.state);
      if (now.every((value, i) => value === drawn[i])) return;
      drawn = now;
      draw();
    });
    return () => {
      unsubscribe();
      endGestures();
      resized.disconnect();
      opened.close();
      stage.current = null;
    };
  }, [store, editor]);

  // Before the next frame, so that the shapes of a block are there one frame after it.
  useLayoutEffect(draw, [shapes, labels, size, loaded.image]);

  return (
    // biome-ignore lint/a11y/useSemanticElements: a place to move about in, for which there is no element.
    <div
      class="stage"
      ref={frame}
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move what is shown.
      tabIndex={0}
      aria-label={
        editable
          ? t(
              '{0}. {1}. Arrow keys move the image or the shape that is held, plus and minus zoom. Comma and period choose a shape, with Shift one more, E an edge of it, B draws a box, L a line.',
              describeImage(image),
              countShapes(shapes.all.length),
            )
          : t(
              '{0}. {1}. Arrow keys move the image, plus and minus zoom.',
              describeImage(image),
              countShapes(shapes.all.length),
            )
      }
      data-tool={tool ?? ''}
      data-testid="stage"
      data-image={image.number}
      data-pixels={seen ? 'seen' : 'list'}
      onKeyDown={(event) => {
        const { edits, held, tool, review } = store.state;
        const edit = edits === null ? null : editKey(event, { held: held.length > 0, tool });
        const action =
          edit === null ? keyAction(event, { reviewing: review.open, held: held.length > 0 }) : null;
        // With Ctrl or Cmd a command comes, such as Undo: what was moved belongs before it.
        if (edit?.type !== 'nudge' && event.key !== 'Shift') void editor.flush();
        if (edit === null && action === null) return;
        event.preventDefault();
        // VS Code would go on to select all text of the view.
        if (edit?.type === 'all') event.stopPropagation();
        if (edit) runKey(store, editor, edit, latest.current.shapes.all);
        if (action) store.dispatch(action);
      }}
      onBlur={() => void editor.flush()}
    >
      {loaded.image ? (
        <img
          ref={setPicture}
          class="picture"
          src={loaded.image.uri}
          alt={describeImage(image)}
          draggable={false}
          onError={loaded.onLoadError}
          data-testid="picture"
        />
      ) : (
        // Where the image lies, while it is on its way or cannot be had.
        <div ref={setPicture} class="picture missing" />
      )}
      <canvas ref={canvas} data-testid="stage-canvas" />
    </div>
  );
}

/** All of the state that the stage draws, but for what its properties say. */
const drawnOf = (state: AppState) =>
  [state.zoom, state.stage, state.lit, state.held, state.part, state.preview, state.edits] as const;

const gripName = (grip: ReturnType<Stage['gripAt']>): string => (grip === null ? '' : (grip.part ?? 'whole'));

/** Its size is set and not scaled by a transform, which would scale its edge along. */
function placePicture(
  picture: HTMLElement,
  { viewport: { scale, x, y } }: Scene,
  { width, height }: Size,
): void {
  picture.style.width = `${width * scale}px`;
  picture.style.height = `${height * scale}px`;
  picture.style.transform = `translate(${x}px, ${y}px)`;
  picture.style.imageRendering = scale >= SQUARES_FROM ? 'pixelated' : 'auto';
}

/** Where model space lies on the stage and how many shapes are drawn, for those who look at the page from outside. */
function noteFrame(frame: HTMLElement, { viewport: { scale, x, y } }: Scene, count: number): void {
  frame.dataset.scale = String(scale);
  frame.dataset.x = String(x);
  frame.dataset.y = String(y);
  frame.dataset.drawn = String(count);
}
