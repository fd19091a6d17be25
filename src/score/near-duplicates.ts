import { createHash } from 'node:crypto';
import type { DerivedTrace } from '../trace/derive';
import { isLine } from '../trace/drawing';
import { numbersOf } from '../trace/edit/shape-pairs';

/** Coordinates within a cell of so many pixels count as the same. */
const CELL = 8;

/**
 * Finds traces that say the same: the same words but for numbers, and the same shapes to within some pixels. Remembers eight
 * bytes and a number a trace.
 */
export class NearDuplicates {
  private readonly first = new Map<bigint, number>();

  /** The number under which the same was added before; null if this is the first of its kind. */
  add(number: number, derived: DerivedTrace<{ readonly text: string }>): number | null {
    const key = keyOf(derived);
    const first = this.first.get(key);
    if (first === undefined) this.first.set(key, number);
    return first ?? null;
  }
}

/** 64 bits of SHA-256 over what counts. */
function keyOf({ parsed, turns }: DerivedTrace<{ readonly text: string }>): bigint {
  const words = turns.map(({ text }) => text.toLowerCase().replaceAll(/\P{L}+/gu, ' '));
  const shapes = parsed.flatMap(({ drawings }) =>
    drawings.map((drawing) => {
      const cells = numbersOf(drawing).map((number) => Math.round(number / CELL));
      return [drawing.index, isLine(drawing), cells, drawing.label].join();
    }),
  );
  return createHash('sha256')
    .update(JSON.stringify([words, shapes]))
    .digest()
    .readBigUInt64BE();
}
