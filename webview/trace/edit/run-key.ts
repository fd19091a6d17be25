import type { Store } from '../../shared/store';
import type { Action } from '../model/actions';
import { findingsOf } from '../model/findings';
import { nextPart } from '../model/handles';
import { middleOf, newDrawing, newLabel, newPlace } from '../model/new-shape';
import { ofTurn, rangeTo, startsAnew, turnOfHeld } from '../model/selection';
import type { Shape } from '../model/shapes';
import { type AppState, heldAlone, type Tool } from '../model/state';
import { drawingOf } from '../model/trace-document';
import type { ShapeId } from '../model/turn-view';
import { describeShape } from '../model/words';
import type { EditKey } from '../stage/edit-keys';
import { askForPaste, pressClipboardKey } from './clipboard-keys';
import type { Editor } from './editor';
import { addShape, removeHeld } from './shape-edits';

type TraceStore = Store<AppState, Action>;

/** Does what a key of the stage means; `shapes` are those on the chosen image. */
export function runKey(store: TraceStore, editor: Editor, key: EditKey, shapes: readonly Shape[]): void {
  const { state, dispatch } = store;
  const { document } = state;
  const held = heldAlone(state);
  const drawing = held !== null && document ? drawingOf(document, held) : undefined;
  switch (key.type) {
    case 'nudge':
      editor.nudge(key.by);
      return;
    case 'part':
      void editor.flush();
      if (drawing) dispatch({ type: 'part', part: nextPart(drawing, state.part) });
      return;
    case 'whole':
      void editor.flush();
      dispatch({ type: 'part', part: null });
      return;
    case 'remove':
      void removeHeld(store, editor);
      return;
    case 'step':
      step(store, shapes, key.by);
      return;
    case 'extend':
      extend(store, shapes, key.by);
      return;
    case 'all':
      holdAll(store, shapes);
      return;
    case 'tool':
      dispatch({ type: 'tool', tool: key.tool });
      return;
    case 'place':
      if (state.tool !== null) placeShape(store, editor, state.tool);
      return;
    case 'copy':
    case 'cut':
      pressClipboardKey(store, key.type);
      return;
    case 'paste':
      void askForPaste(store, editor);
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

/** Holds all shapes on the image that are of the turn of those that are held, or else of the chosen turn. */
export function holdAll({ state, dispatch }: TraceStore, shapes: readonly Shape[]): void {
  const turn = turnOfHeld(state.held) ?? state.choice.turn;
  dispatch({ type: 'hold-all', shapes: ofTurn(shapes, turn) });
}

/** Holds all from the first that is held to `to`, or that one alone where it is of another turn. */
export function holdRange({ state, dispatch }: TraceStore, shapes: readonly Shape[], to: ShapeId): void {
  if (startsAnew(state.held, to)) dispatch({ type: 'toggle', shape: to });
  else dispatch({ type: 'hold-all', shapes: rangeTo(shapes, state.held, to) });
}

/** Goes on to the next shape of the same turn, and holds all from the first that is held to it. */
function extend(store: TraceStore, shapes: readonly Shape[], by: 1 | -1): void {
  const { held } = store.state;
  const last = held.at(-1);
  if (last === undefined) {
    step(store, shapes, by);
    return;
  }
  const own = ofTurn(shapes, turnOfHeld(held));
  const next = own[own.indexOf(last) + by];
  if (next === undefined) return;
  holdRange(store, shapes, next);
}

function step({ state, dispatch }: TraceStore, shapes: readonly Shape[], by: 1 | -1): void {
  if (shapes.length === 0) return;
  const now = shapes.findIndex(({ id }) => id === state.held.at(-1));
  const from = now < 0 && by < 0 ? 0 : now;
  const shape = shapes[(from + by + shapes.length) % shapes.length];
  if (!shape) return;
  dispatch({ type: 'hold', shape: shape.id });
  const findings = state.document ? findingsOf(state.document, shape.id) : [];
  dispatch({ type: 'say', text: describeShape(shape, findings) });
}
