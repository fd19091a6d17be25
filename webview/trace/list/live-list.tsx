import { type ComponentChildren, createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { useSelect } from '../store';
import { type LiveList, useList } from './use-list';

const Context = createContext<LiveList | null>(null);

/** Has the list of traces for all who show something of it, so that the host is asked once; nobody asks while none does. */
export function LiveListProvider({ children }: { readonly children: ComponentChildren }) {
  const query = useSelect(({ list, review }) => (list.open || review.open ? list.query : null));
  return <Context.Provider value={useList(query)}>{children}</Context.Provider>;
}

export function useLiveList(): LiveList {
  const list = useContext(Context);
  if (list === null) throw new Error('The component stands outside of the provider of the list.');
  return list;
}
