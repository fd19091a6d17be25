import { useEffect, useState } from 'preact/hooks';

/** What people hardly see as waiting, in milliseconds: for less, nothing is to flash up and shift what is below it. */
const SOON = 200;

/** `value`, or null until it has been there for a while: for what is said of work that is mostly over at once. */
export function useLasting<T>(value: T | null): T | null {
  const [lasting, setLasting] = useState<T | null>(null);
  useEffect(() => {
    setLasting(null);
    if (value === null) return;
    const timer = setTimeout(() => setLasting(value), SOON);
    return () => clearTimeout(timer);
  }, [value]);
  return value === null ? null : lasting;
}
