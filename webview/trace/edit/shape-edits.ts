import type { Drawing } from '../../../src/trace/drawing';
import { addDrawings, removeDrawings } from '../../../src/trace/edit/drawing-changes';
import { insertTurn } from '../../../src/trace/edit/turn-changes';
import { formatDrawingTurn } from '../../../src/trace/format-turn';
import type { Store } from '../../shared/store';
import type { Action } from '../model/actions';
import { addLabel, removeLabel } from '../model/edit-words';
import { newPlace } from '../model/new-shape';
import { turnOfHeld } from '../model/selection';
import { heldDrawings } from '../model/shape-changes';
import type { AppState } from '../model/state';
import { partsOf } from '../model/turn-view';
import type { Editor } from './editor';

type TraceStore = Store<AppState, Action>;

/** Adds a shape to the chosen turn and holds it; with `naming`, its label is to be typed next. */
export async function addShape(
  { state, dispatch }: TraceStore,
  editor: Editor,
  drawing: Drawing,
  naming: boolean,
): Promise<void> {
  const place = newPlace(state);
  if (place === null) return;
  const preview = new Map([[place.id, drawing]]);
  dispatch({ type: 'preview', preview });
  const { turn } = place;
  const added = await editor.edit(addLabel(drawing), (trace) =>
    turn === null
      ? insertTurn(trace, 0, formatDrawingTurn('', [drawing]))
      : addDrawings(trace, turn, [drawing]),
  );
  dispatch({ type: 'preview', preview: null });
  if (!added) return;
  dispatch({ type: 'hold', shape: place.id });
  if (naming) dispatch({ type: 'naming', naming });
}

/** Takes the held shapes out of their turn; whether it was done. `label` is what it is called where it is taken back. */
export async function removeHeld({ state }: TraceStore, editor: Editor, label?: string): Promise<boolean> {
  const drawings = [...heldDrawings(state).values()];
  const turn = turnOfHeld(state.held);
  if (turn === null || drawings.length === 0) return false;
  const places = state.held.map((shape) => partsOf(shape).drawing);
  return editor.edit(label ?? removeLabel(drawings), (trace) => removeDrawings(trace, turn, places));
}
