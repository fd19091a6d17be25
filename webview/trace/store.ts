import { storeHooks } from '../shared/store-hooks';
import type { Action } from './model/actions';
import type { AppState } from './model/state';

/** The store of the trace view, for its components. */
export const { Provider: StoreProvider, useStore, useSelect } = storeHooks<AppState, Action>();
