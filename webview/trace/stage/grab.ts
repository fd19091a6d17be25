import type { Point } from '../../../src/trace/geometry';
import type { Store } from '../../shared/store';
import type { Editor } from '../edit/editor';
import { addShape } from '../edit/shape-edits';
import type { Action } from '../model/actions';
import { moveLabel } from '../model/edit-words';
import { movePart, type Part, quadBetween, quadOf } from '../model/handles';
import { newDrawing, newLabel, newPlace } from '../model/new-shape';
import { withQuad } from '../model/shape-changes';
import type { AppState, Preview, Tool } from '../model/state';
import { drawingOf } from '../model/trace-document';
import { toModel } from '../model/viewport';
import { viewportOf } from '../model/zoom';
import type { Grab } from './pointer';
import type { Stage } from './stage';

type TraceStore = Store<AppState, Action>;

/** What a drag that begins at a point of the stage changes; null if it moves what is shown. */
export function grabAt(store: TraceStore, editor: Editor, stage: Stage, at: Point): Grab | null {
  const { edits, tool } = store.state;
  if (edits === null) return null;
  if (tool !== null) return drawNew(store, editor, tool, at);
  const grip = stage.gripAt(at);
  return grip && moveHeld(store, editor, grip.part, at);
}

function moveHeld(store: TraceStore, editor: Editor, part: Part | null, start: Point): Grab | null {
  void editor.flush();
  const { state, dispatch } = store;
  const { document, held, preview: before } = state;
  const drawing =
    before?.shape === held ? before?.drawing : document && held !== null && drawingOf(document, held);
  const quad = drawing ? quadOf(drawing) : null;
  if (held === null || !drawing || quad === null) return null;
  const { scale } = viewportOf(state);
  let preview: Preview | null = null;
  return {
    onMove: (at) => {
      // Whole pixels of model space, however far the stage is zoomed.
      const by: Point = [Math.round((at[0] - start[0]) / scale), Math.round((at[1] - start[1]) / scale)];
      preview = { shape: held, drawing: withQuad(drawing, movePart(quad, part, by).quad) };
      dispatch({ type: 'preview', preview });
    },
    onDrop: () => {
      if (preview) void editor.settle(preview, moveLabel(drawing, part));
    },
    onCancel: () => dispatch({ type: 'preview', preview: null }),
  };
}

function drawNew(store: TraceStore, editor: Editor, tool: Tool, start: Point): Grab | null {
  const { state, dispatch } = store;
  const place = newPlace(state);
  if (place === null) return null;
  const viewport = viewportOf(state);
  const label = newLabel(state, tool);
  let preview: Preview | null = null;
  return {
    onMove: (at) => {
      const quad = quadBetween(toModel(viewport, start), toModel(viewport, at), tool);
      preview = { shape: place.id, drawing: newDrawing(tool, place.index, quad, label) };
      dispatch({ type: 'preview', preview });
    },
    onDrop: () => {
      dispatch({ type: 'tool', tool: null });
      if (preview) void addShape(store, editor, preview.drawing, true);
    },
    onCancel: () => dispatch({ type: 'preview', preview: null }),
  };
}
