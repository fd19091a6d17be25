import { useEffect, useRef } from 'preact/hooks';
import { useHost } from '../host';
import type { LiveList } from './use-list';

/** Lets the trace be made ready whose row the pointer is over, as soon as that row is known. Takes the place of the row, or null. */
export function usePointed(row: LiveList['row']): (place: number | null) => void {
  const { peek } = useHost();
  const pointed = useRef<number | null>(null);
  const look = () => peek.point(pointed.current === null ? null : (row(pointed.current)?.index ?? null));
  // A list that is scrolled has a place under the pointer before it has its row.
  useEffect(look, [row]);
  return (place) => {
    pointed.current = place;
    look();
  };
}
