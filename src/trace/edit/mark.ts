import type { Drawing } from '../drawing';
import type { Span } from '../python-text';
import type { TextEdit } from './text-edit';

/**
 * What may now be wrong because of a change elsewhere.
 *
 * - `drawn-on-changed`: a shape lies on an image that has other pixels than when it was drawn.
 * - `drawn-on-other`: the number a shape names means another image now.
 * - `drawn-on-gone`: the number a shape names means no image now.
 * - `names-changed`, `names-removed`: words name the label of a shape that was moved or relabelled, or is gone.
 * - `old-numbers`: words give the coordinates that a shape had.
 * - `old-image`: words give the number that an image had.
 */
export type MarkCode =
  | 'drawn-on-changed'
  | 'drawn-on-other'
  | 'drawn-on-gone'
  | 'names-changed'
  | 'names-removed'
  | 'old-numbers'
  | 'old-image';

/** What a mark is about: an image by its numbers before and after (null: gone), or a shape before and after. */
export type MarkSubject =
  | { readonly kind: 'image'; readonly was: number; readonly now: number | null }
  | {
      readonly kind: 'shape';
      readonly turn: number;
      readonly place: number;
      readonly before: Drawing;
      readonly after: Drawing | null;
    };

/** What mends a place where that is certain; see `fixOf`. */
export interface MarkFix {
  /** What is there then, in the words of the text. */
  readonly to: string;
  /** In the text of the turn that is marked. */
  readonly edits: readonly TextEdit[];
}

/** A place in a trace to look at after a change. Marks are never stored: they follow from the trace before and after. */
export interface Mark {
  readonly code: MarkCode;
  /** The turn after the changes, counted from 0. */
  readonly turn: number;
  /** In the text of that turn. */
  readonly span: Span;
  /** For people. */
  readonly message: string;
  readonly about: MarkSubject;
  /** Null where only a person can say what is right. */
  readonly fix: MarkFix | null;
  /** The same for the same mark whatever else changes, and another one if what it is about changes once more. */
  readonly key: string;
}

/** A mark as it is found: `parts` say what makes it that mark. */
export interface KeylessMark extends Omit<Mark, 'key' | 'fix'> {
  readonly parts: readonly unknown[];
}

/** Gives marks their keys, of those that are alike each its own, and what `fixOf` has for them. */
export function withKeys(
  marks: readonly KeylessMark[],
  fixOf: (mark: KeylessMark) => MarkFix | null,
): Mark[] {
  const seen = new Map<string, number>();
  return marks.map((found) => {
    const { parts, ...mark } = found;
    const fix = fixOf(found);
    const name = digest(JSON.stringify([mark.code, ...parts]));
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return { ...mark, fix, key: count === 0 ? name : `${name}.${count}` };
  });
}

/** A short name of a text: 64 bits of two multiplicative hashes, hexadecimal. It keeps things apart, it proves nothing. */
export function digest(text: string): string {
  let [a, b] = [0x811c9dc5, 0x9e3779b9];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b);
    b ^= b >>> 13;
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}
