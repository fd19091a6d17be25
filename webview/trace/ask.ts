import { explain } from '../shared/explain';
import type { Store } from '../shared/store';
import type { Action } from './model/actions';
import type { AppState } from './model/state';

/** Something that is asked of the host: what is said meanwhile, and what is said once it is done (null: nothing). */
export interface Asked<T> {
  readonly doing: string;
  readonly call: () => Promise<T>;
  readonly done: (result: T) => string | null;
}

/** Asks, and shows the answer or why there is none in the view itself. One thing at a time. */
export async function ask<T>(
  { state, dispatch }: Store<AppState, Action>,
  { doing, call, done }: Asked<T>,
): Promise<void> {
  if (state.asking !== null) return;
  dispatch({ type: 'asking', what: doing });
  try {
    const text = done(await call());
    if (text !== null) dispatch({ type: 'notice', notice: { kind: 'done', text } });
  } catch (error) {
    dispatch({ type: 'notice', notice: { kind: 'error', text: explain(error) } });
  } finally {
    dispatch({ type: 'asking', what: null });
  }
}
