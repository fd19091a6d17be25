import type { Drawing } from '../../../src/trace/drawing';
import type { Point } from '../../../src/trace/geometry';
import type { Store } from '../../shared/store';
import type { Editor } from '../edit/editor';
import { addShape } from '../edit/shape-edits';
import type { Action } from '../model/actions';
import { moveLabel } from '../model/edit-words';
import { type Rect, rectBetween } from '../model/geometry';
import { type Part, quadBetween } from '../model/handles';
import { newDrawing, newLabel, newPlace } from '../model/new-shape';
import { addFound, shapesWithin } from '../model/selection';
import { heldDrawings, movedShapes } from '../model/shape-changes';
import type { AppState, Preview, Tool } from '../model/state';
import { toModel } from '../model/viewport';
import { viewportOf } from '../model/zoom';
import type { Grab } from './pointer';
import type { Stage } from './stage';

type TraceStore = Store<AppState, Action>;

/** What a drag that begins at a point of the stage changes, or draws a band around; null if it moves what is shown. */
export function grabAt(
  store: TraceStore,
  editor: Editor,
  stage: Stage,
  at: Point,
  { band }: { readonly band: boolean },
): Grab | null {
  const { edits, tool } = store.state;
  if (edits === null) return null;
  if (tool !== null) return drawNew(store, editor, tool, at);
  if (band) return drawBand(store, stage, at);
  const grip = stage.gripAt(at);
  return grip && moveHeld(store, editor, grip.part, at);
}

function moveHeld(store: TraceStore, editor: Editor, part: Part | null, start: Point): Grab | null {
  void editor.flush();
  const { state, dispatch } = store;
  const drawings = heldDrawings(state);
  if (movedShapes(drawings, part, [0, 0]).preview.size === 0) return null;
  const { scale } = viewportOf(state);
  let preview: Preview | null = null;
  return {
    onMove: (at) => {
      // Whole pixels of model space, however far the stage is zoomed.
      const by: Point = [Math.round((at[0] - start[0]) / scale), Math.round((at[1] - start[1]) / scale)];
      preview = movedShapes(drawings, part, by).preview;
      dispatch({ type: 'preview', preview });
    },
    onDrop: () => {
      if (preview) void editor.settle(preview, moveLabel([...preview.values()], part));
    },
    onCancel: () => dispatch({ type: 'preview', preview: null }),
  };
}

/** Holds, besides those that are held, all shapes that lie within the band from one place to another. */
function drawBand({ state, dispatch }: TraceStore, stage: Stage, start: Point): Grab {
  const viewport = viewportOf(state);
  let band: Rect | null = null;
  const show = (next: Rect | null) => {
    band = next;
    stage.showBand(next);
  };
  return {
    onMove: (at) => show(rectBetween(toModel(viewport, start), toModel(viewport, at))),
    onDrop: () => {
      const found = band === null ? [] : shapesWithin(stage.shapes, band);
      show(null);
      dispatch({ type: 'hold-all', shapes: addFound(state.held, found, state.choice.turn) });
    },
    onCancel: () => show(null),
  };
}

function drawNew(store: TraceStore, editor: Editor, tool: Tool, start: Point): Grab | null {
  const { state, dispatch } = store;
  const place = newPlace(state);
  if (place === null) return null;
  const viewport = viewportOf(state);
  const label = newLabel(state, tool);
  let drawing: Drawing | null = null;
  return {
    onMove: (at) => {
      const quad = quadBetween(toModel(viewport, start), toModel(viewport, at), tool);
      drawing = newDrawing(tool, place.index, quad, label);
      dispatch({ type: 'preview', preview: new Map([[place.id, drawing]]) });
    },
    onDrop: () => {
      dispatch({ type: 'tool', tool: null });
      if (drawing) void addShape(store, editor, drawing, true);
    },
    onCancel: () => dispatch({ type: 'preview', preview: null }),
  };
}
