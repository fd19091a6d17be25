import type { Literal } from '../../trace/literal/literal';
import { UpstreamRaises } from './joined-blocks';
import { pythonFloat } from './text';

/**
 * What upstream's code calls reflection: whether two boxes of one label have other coordinates, wherever they stand, on
 * whatever image. Lines are not looked at. Items of which Python can make no tuple of floats are passed over. Throws
 * `UpstreamRaises`.
 */
export function changesBox(boxes: readonly Literal[]): boolean {
  const seen = new Map<string, string>();
  let changes = false;
  for (const box of boxes) {
    const [coordinates, label] = [floatsOf(entryOf(box, 'bbox_2d')), hashOf(entryOf(box, 'label'))];
    if (coordinates === null || label === null) continue;
    const first = seen.get(label);
    if (first === undefined) seen.set(label, coordinates);
    // What is not a number equals nothing, itself included.
    else if (first !== coordinates || coordinates.includes('NaN')) changes = true;
  }
  return changes;
}

/** The value of a key of a dict, the last one where it is there twice; null for what is no dict. */
function entryOf(item: Literal, name: string): Literal | null {
  if (item.kind !== 'dict') return null;
  return item.entries.findLast(({ key }) => key.kind === 'string' && key.value === name)?.value ?? null;
}

/** `tuple(map(float, value))` as a text that is the same for equal tuples; null where Python raises and passes on. */
function floatsOf(value: Literal | null): string | null {
  const numbers = partsOf(value)?.map(floatOf);
  if (numbers === undefined || numbers.includes(null)) return null;
  return numbers.map((number) => Number(number) + 0).join();
}

function partsOf(value: Literal | null): readonly Literal[] | undefined {
  switch (value?.kind) {
    case 'list':
    case 'tuple':
      return value.items;
    case 'set':
      // The same members in another order are the same set.
      return [...value.items].sort((a, b) => Number(floatOf(a)) - Number(floatOf(b)));
    case 'dict':
      return value.entries.map(({ key }) => key);
    case 'string':
      return Array.from(value.value, (one) => ({ kind: 'string', value: one, start: 0, end: 0 }));
    default:
      return undefined;
  }
}

/** `float(value)`; null where that raises `TypeError` or `ValueError`. */
function floatOf(value: Literal): number | null {
  switch (value.kind) {
    case 'number':
      if (value.form === 'complex') return null;
      if (value.form === 'int' && !Number.isFinite(value.value))
        throw new UpstreamRaises('a coordinate is too large for a float');
      return value.value;
    case 'constant':
      return value.value === null ? null : Number(value.value);
    case 'string':
      return pythonFloat(value.value);
    default:
      return null;
  }
}

/** A text that is the same for values that are one key of a Python dict; null for those that cannot be one. */
function hashOf(value: Literal | null): string | null {
  switch (value?.kind) {
    case 'string':
      return `s${value.value}`;
    case 'number':
      return value.form === 'complex' ? `c${value.start}` : `n${value.value + 0}`;
    case 'constant':
      return value.value === null ? 'None' : `n${Number(value.value)}`;
    case 'tuple': {
      const parts = value.items.map(hashOf);
      return parts.includes(null) ? null : `t${JSON.stringify(parts)}`;
    }
    case 'bytes':
    case 'ellipsis':
      return value.kind;
    default:
      return null;
  }
}
