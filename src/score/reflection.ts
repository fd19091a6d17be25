import type { ReadTrace } from '../trace/derive';
import { type Drawing, isLine } from '../trace/drawing';
import { numbersOf } from '../trace/edit/shape-pairs';
import { statesAnswer } from './states-answer';

/** What makes a revision none: it hardly moves, it comes to nothing, or the answer was fixed before it. */
export type Fake = 'tiny' | 'undone' | 'late';

/** The same label on the same lineage with other coordinates than before: the model corrects itself. */
export interface Revision {
  /** The turn that draws it anew, and the one that drew it last, from 0. */
  readonly turn: number;
  readonly before: number;
  readonly label: string;
  /** Model space, as the drawing says them: the corners of a box, or start and end of a line. */
  readonly from: readonly number[];
  readonly to: readonly number[];
  /** Intersection over union of the two boxes, 0..1; null for lines and for what is no box of four numbers. */
  readonly iou: number | null;
  /** How far the point that moved most has moved, in pixels of model space. */
  readonly shift: number;
  /** Null for a real one. */
  readonly fake: Fake | null;
}

/** How a trace goes back to what it drew. */
export interface Reflection {
  readonly revisions: readonly Revision[];
  /** How often a label is drawn that was drawn before on other input images only: it is followed, not corrected. */
  readonly tracking: number;
  /** The paper's Eq. 5: some label is drawn in two turns with another image or other coordinates. */
  readonly paper: boolean;
}

export interface ReflectionOptions {
  /** A revision that moves no point this far, in pixels of model space, is `tiny`. */
  readonly minShift?: number;
}

/** A step of a finger's breadth in a picture of 448 pixels would be more; jitter of the model is less. */
export const MIN_SHIFT = 4;

interface Trait {
  readonly turn: number;
  readonly drawing: Drawing;
  readonly numbers: readonly number[];
}

/**
 * Finds the revisions of a trace. A shape is compared with the last one of its kind (box or line), label and input image in
 * an earlier turn; one that cannot be placed in the lineage counts for nothing but Eq. 5.
 */
export function reflectionOf(
  { parsed, images, turns, answer }: ReadTrace<{ readonly text: string }>,
  { minShift = MIN_SHIFT }: ReflectionOptions = {},
): Reflection {
  // To look for the answer in all that was said takes longer than all else, and most traces revise nothing.
  let found: number | null = null;
  const fixed = () => (found ??= fixedIn(turns, answer));
  const last = new Map<string, Map<number, Trait[]>>();
  const revisions: Revision[] = [];
  let tracking = 0;
  parsed.forEach(({ drawings }, turn) => {
    const placed: { readonly name: string; readonly root: number; readonly trait: Trait }[] = [];
    for (const drawing of drawings) {
      const image = images[drawing.index - 1];
      if (image === undefined || (image.turn ?? -1) >= turn) continue;
      const trait = { turn, drawing, numbers: numbersOf(drawing) };
      placed.push({ name: nameOf(drawing), root: image.root, trait });
    }
    for (const { name, root, trait } of placed) {
      const roots = last.get(name);
      const earlier = roots?.get(root);
      if (earlier === undefined) tracking += roots === undefined ? 0 : 1;
      else revise(earlier, trait, { fixed, minShift, revisions });
    }
    // What one turn draws twice is no correction of itself.
    for (const { name, root, trait } of placed) {
      const roots = last.get(name) ?? new Map<number, Trait[]>();
      last.set(name, roots);
      const traits = roots.get(root);
      if (traits === undefined) roots.set(root, [trait]);
      else traits.push(trait);
    }
  });
  return { revisions, tracking, paper: repeatsLabel(parsed) };
}

interface Judging {
  /** The turn in which the answer was fixed; see `fixedIn`. */
  readonly fixed: () => number;
  readonly minShift: number;
  readonly revisions: Revision[];
}

/** Adds the revision that `now` is, if it is one; those that it takes back count as undone. */
function revise(earlier: readonly Trait[], now: Trait, { fixed, minShift, revisions }: Judging): void {
  const before = earlier.at(-1);
  if (before === undefined || same(before.numbers, now.numbers)) return;
  const { turn, drawing, numbers: to } = now;
  const from = before.numbers;
  const shift = shiftOf(from, to);
  const back = earlier.findLastIndex(({ numbers }) => shiftOf(numbers, to) < minShift);
  const undoes = back >= 0 && back < earlier.length - 1;
  if (undoes) {
    const since = new Set(earlier.slice(back + 1).map((trait) => trait.turn));
    revisions.forEach((revision, i) => {
      const ofIt = revision.label === drawing.label && since.has(revision.turn);
      if (ofIt && revision.fake === null) revisions[i] = { ...revision, fake: 'undone' };
    });
  }
  const fake = turn >= fixed() ? 'late' : undoes ? 'undone' : shift < minShift ? 'tiny' : null;
  revisions.push({
    ...{ turn, before: before.turn, label: drawing.label, from, to },
    ...{ iou: isLine(drawing) ? null : iouOf(from, to), shift, fake },
  });
}

/** The first turn that answers, or says in its thoughts what the answer is; beyond the last one where none does before it. */
function fixedIn(turns: readonly { readonly text: string }[], answer: string | null): number {
  const states = statesAnswer(answer);
  const at = turns.findIndex(({ text }) => states(text));
  return at < 0 ? turns.length : at;
}

const nameOf = (drawing: Drawing): string => `${isLine(drawing) ? 'line' : 'box'} ${drawing.label}`;
const same = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((number, i) => number === b[i]);

/** Of two lists of points, x and y in turn, how far the one that moved most has moved; infinite if they are not as many. */
function shiftOf(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < a.length; i += 2) {
    most = Math.max(most, Math.hypot((a[i] ?? 0) - (b[i] ?? 0), (a[i + 1] ?? 0) - (b[i + 1] ?? 0)));
  }
  return most;
}

/** Of two boxes of any two opposite corners; null if one is none, or both have no area. */
export function iouOf(a: readonly number[], b: readonly number[]): number | null {
  if (a.length !== 4 || b.length !== 4) return null;
  let [inner, areaA, areaB] = [1, 1, 1];
  for (const axis of [0, 1]) {
    const [[a1, a2], [b1, b2]] = [sidesOf(a, axis), sidesOf(b, axis)];
    inner *= Math.max(0, Math.min(a2, b2) - Math.max(a1, b1));
    areaA *= a2 - a1;
    areaB *= b2 - b1;
  }
  const union = areaA + areaB - inner;
  return union > 0 ? inner / union : null;
}

/** Where a box begins and ends along an axis. */
function sidesOf(box: readonly number[], axis: number): [from: number, to: number] {
  const [one, other] = [box[axis] ?? 0, box[axis + 2] ?? 0];
  return [Math.min(one, other), Math.max(one, other)];
}

/** Eq. 5 of the paper, over all drawings that can be read, wherever they are drawn. */
function repeatsLabel(turns: readonly { readonly drawings: readonly Drawing[] }[]): boolean {
  const seen = new Map<string, { readonly first: Drawing; others: boolean }>();
  return turns.some(({ drawings }) => {
    const found = drawings.some((drawing) => {
      const before = seen.get(drawing.label);
      return before !== undefined && (before.others || !sameOperation(before.first, drawing));
    });
    for (const drawing of drawings) {
      const before = seen.get(drawing.label);
      if (before === undefined) seen.set(drawing.label, { first: drawing, others: false });
      else before.others ||= !sameOperation(before.first, drawing);
    }
    return found;
  });
}

const sameOperation = (a: Drawing, b: Drawing): boolean =>
  a.index === b.index && isLine(a) === isLine(b) && same(numbersOf(a), numbersOf(b));
