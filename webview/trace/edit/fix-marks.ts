import { fixChanges } from '../../../src/trace/edit/mark-fixes';
import type { Store } from '../../shared/store';
import type { Action } from '../model/actions';
import { fixLabel } from '../model/edit-words';
import type { AppState } from '../model/state';
import type { Editor } from './editor';

/** Mends what is marked, in one edit; a mark that an edit before it has done away with is left out. Whether it was done. */
export function fixMarks(
  store: Store<AppState, Action>,
  editor: Editor,
  keys: readonly string[],
): Promise<boolean> {
  const wanted = new Set(keys);
  const marksNow = () =>
    (store.state.edits?.marks ?? []).filter(({ key, fix }) => fix !== null && wanted.has(key));
  return editor.edit(fixLabel(marksNow()), (trace) => fixChanges(trace, marksNow()));
}
