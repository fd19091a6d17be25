import { createContext } from 'preact';
import { useContext, useLayoutEffect, useReducer, useRef } from 'preact/hooks';
import type { Store } from './store';

/** The hooks of a view's store for its components. */
export function storeHooks<State, Action>() {
  const Context = createContext<Store<State, Action> | null>(null);

  function useStore(): Store<State, Action> {
    const store = useContext(Context);
    if (store === null) throw new Error('The component stands outside of the provider of its store.');
    return store;
  }

  /** A part of the state; the component renders again when that part is another one (by `Object.is`). */
  function useSelect<T>(select: (state: State) => T): T {
    const store = useStore();
    const [, renderAgain] = useReducer<number, void>((count) => count + 1, 0);
    const selected = select(store.state);
    const latest = useRef({ select, selected });
    latest.current = { select, selected };
    useLayoutEffect(
      () =>
        store.subscribe(() => {
          const { select, selected } = latest.current;
          if (!Object.is(select(store.state), selected)) renderAgain();
        }),
      [store],
    );
    return selected;
  }

  return { Provider: Context.Provider, useStore, useSelect };
}
