import { strip } from '../../trace/python-text';
import { upstreamRelativeAccuracy } from '../upstream/mean-relative-accuracy';
import { pythonFloat } from '../upstream/text';

/** What upstream's evaluation gives for an answer, 0..1, or why its program ends with an error there. */
export type BenchmarkScore = { readonly score: number } | { readonly raises: string };

/**
 * Scores a model's output as upstream's evaluation does, which is not how it rewards: the first letters are compared, in
 * lower case; a number must have the same two decimals, and a decimal point or comma only where the right one has; a
 * regression is scored by mean relative accuracy, bounds included; camera moves (`vci`) axis by axis. All other types: 0.
 */
export function benchmarkScore(output: string, gold: string, problemType: string): BenchmarkScore {
  const [said, right] = [answerIn(output), answerIn(gold)];
  switch (problemType) {
    case 'multiple choice': {
      const [a, b] = [firstLetter(said), firstLetter(right)];
      return a === null || b === null ? { raises: 'an answer is empty' } : { score: a === b ? 1 : 0 };
    }
    case 'numerical': {
      if (/[.,]/.test(said) !== /[.,]/.test(right)) return { score: 0 };
      const [a, b] = [readNumber(said), readNumber(right)];
      return { score: a !== null && b !== null && roundToCents(a) === roundToCents(b) ? 1 : 0 };
    }
    case 'regression': {
      const [a, b] = [readNumber(said), readNumber(right)];
      return { score: a === null || b === null ? 0 : upstreamRelativeAccuracy(a, b, 'pass') };
    }
    case 'vci':
      return { score: cameraScore(said, right) };
    default:
      return { score: 0 };
  }
}

/** What stands between the first answer tags, stripped; all of the text, as it is, where there are none. */
function answerIn(text: string): string {
  const opening = text.indexOf('<answer>');
  const start = opening + '<answer>'.length;
  const end = opening < 0 ? -1 : text.indexOf('</answer>', start);
  return end < 0 ? text : strip(text.slice(start, end));
}

function firstLetter(text: string): string | null {
  const [first] = strip(text);
  return first?.toLowerCase() ?? null;
}

const readNumber = (text: string): number | null => pythonFloat(text.replaceAll(',', ''));

/** Python's `round(number, 2)`: what lies in the middle goes to the even one. */
function roundToCents(number: number): number {
  const isMiddle = Number.isInteger(number * 8) && Math.abs(number * 8) % 2 === 1;
  if (!isMiddle) return Number(number.toFixed(2));
  const below = Math.floor(number * 100);
  return (below % 2 === 0 ? below : below + 1) / 100;
}

/** Axes of a camera's moves: what is forward and what takes it back. */
const AXES = [
  ['move_right', 'move_left'],
  ['move_up', 'move_down'],
  ['move_forward', 'move_backward'],
  ['rotate_right', 'rotate_left'],
  ['rotate_up', 'rotate_down'],
] as const;

/** The mean over the axes of how near the way along it comes; 0 where one of the texts is no list of moves. */
function cameraScore(said: string, right: string): number {
  const [moves, wanted] = [readMoves(said), readMoves(right)];
  if (moves === null || wanted === null) return 0;
  const along = (way: ReadonlyMap<string, number>, [ahead, back]: (typeof AXES)[number]) =>
    (way.get(ahead) ?? 0) - (way.get(back) ?? 0);
  const scores = AXES.map((axis) =>
    upstreamRelativeAccuracy(along(moves, axis), along(wanted, axis), 'pass'),
  );
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

/** Reads `move_right:3,rotate_up:1`; null for anything else. */
function readMoves(text: string): ReadonlyMap<string, number> | null {
  const moves = new Map<string, number>();
  for (const item of text.split(',')) {
    const [name, value, ...more] = item.split(':');
    const number = value === undefined || more.length > 0 ? null : pythonFloat(value);
    if (name === undefined || number === null) return null;
    moves.set(name, number);
  }
  return moves;
}
