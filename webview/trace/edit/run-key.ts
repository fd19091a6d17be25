import { t } from '@vscode/l10n';
import type { Store } from '../../shared/store';
import type { Action } from '../model/actions';
import { findingsOf } from '../model/findings';
import { nextPart } from '../model/handles';
import { middleOf, newDrawing, newLabel, newPlace } from '../model/new-shape';
import type { Shape } from '../model/shapes';
import type { AppState, Tool } from '../model/state';
import { drawingOf } from '../model/trace-document';
import { describeShape } from '../model/words';
import type { EditKey } from '../stage/edit-keys';
import type { Editor } from './editor';
import { addShape, pasteShape, removeShape } from './shape-edits';

type TraceStore = Store<AppState, Action>;

/** Does what a key of the stage means; `shapes` are those on the chosen image. */
export function runKey(store: TraceStore, editor: Editor, key: EditKey, shapes: readonly Shape[]): void {
  const { state, dispatch } = store;
  const { held, document } = state;
  const drawing = held !== null && document ? drawingOf(document, held) : undefined;
  switch (key.type) {
    case 'nudge':
      editor.nudge(key.by);
      return;
    case 'part':
      void editor.flush();
      if (drawing) dispatch({ type: 'part', part: nextPart(drawing, state.part, key.by) });
      return;
    case 'whole':
      void editor.flush();
      dispatch({ type: 'part', part: null });
      return;
    case 'remove':
      if (held !== null) void removeShape(store, editor, held);
      return;
    case 'step':
      step(store, shapes, key.by);
      return;
    case 'tool':
      dispatch({ type: 'tool', tool: key.tool });
      return;
    case 'place':
      if (state.tool !== null) placeShape(store, editor, state.tool);
      return;
    case 'copy':
      if (held === null || !drawing) return;
      editor.copied = { shape: held, drawing };
      dispatch({ type: 'say', text: t('Copied {0}.', drawing.label) });
      return;
    case 'paste':
      if (editor.copied) void pasteShape(store, editor, editor.copied);
      return;
  }
}

/** Puts a new shape in the middle of the image, for arrow keys to move. */
export function placeShape(store: TraceStore, editor: Editor, tool: Tool): void {
  const { state, dispatch } = store;
  const place = newPlace(state);
  dispatch({ type: 'tool', tool: null });
  if (place === null) return;
  const drawing = newDrawing(tool, place.index, middleOf(state.stage.image), newLabel(state, tool));
  void addShape(store, editor, drawing, false);
}

function step({ state, dispatch }: TraceStore, shapes: readonly Shape[], by: 1 | -1): void {
  if (shapes.length === 0) return;
  const now = shapes.findIndex(({ id }) => id === state.held);
  const from = now < 0 && by < 0 ? 0 : now;
  const shape = shapes[(from + by + shapes.length) % shapes.length];
  if (!shape) return;
  dispatch({ type: 'hold', shape: shape.id });
  const findings = state.document ? findingsOf(state.document, shape.id) : [];
  dispatch({ type: 'say', text: describeShape(shape, findings) });
}
