import type { ReadTrace } from '../trace/derive';
import { type Drawing, isLine } from '../trace/drawing';
import { numbersOf } from '../trace/edit/shape-pairs';
import { FLAGS, type Flag } from '../trace/flag';
import { hasAnswerTags } from '../trace/format-rule';
import { nameOf, wordsIn } from '../trace/names';
import { isAscii } from '../trace/python-text';
import type { QuestionType } from '../trace/trace';
import { firstNumber } from './upstream/text';

/** What is looked at for flags, besides what was said. */
export interface Flagged {
  readonly type: QuestionType;
  readonly options: readonly string[];
}

/** A phrase of so many words that stands so often without a break is a loop. */
const [LOOP_WORDS, LOOP_TIMES] = [12, 4];

/** The flags of a trace that need no other trace, in the order of `FLAGS`. Linear in the length of the texts. */
export function flagsOf(
  { parsed, turns, answer }: ReadTrace<{ readonly text: string }>,
  { type, options }: Flagged,
): Flag[] {
  const drawings = parsed.flatMap((turn) => turn.drawings);
  const last = turns.at(-1)?.text ?? '';
  const found = new Set<Flag>();
  if (answer !== null && drawings.length === 0) found.add('answered-without-drawing');
  if (repeats(drawings)) found.add('duplicate-drawing');
  if (answer !== null && drawings.length > 0 && !isSupported(last, answer, options, drawings)) {
    found.add('unsupported-answer');
  }
  if (turns.slice(0, -1).some(({ text }) => hasAnswerTags(text))) found.add('answer-in-wrong-turn');
  if (loops(turns.map(({ text }) => text))) found.add('degenerate-loop');
  if (type === 'numerical' && takesIndex(last)) found.add('number-from-index');
  return FLAGS.filter((flag) => found.has(flag));
}

function repeats(drawings: readonly Drawing[]): boolean {
  if (drawings.length < 2) return false;
  const seen = new Set(
    drawings.map((drawing) => `${drawing.index} ${isLine(drawing)} ${numbersOf(drawing)} ${drawing.label}`),
  );
  return seen.size < drawings.length;
}

/**
 * Whether the turn that answers, or the option that it chooses, names something that was drawn, or gives one of its
 * coordinates or its middle (of at least two digits, to the pixel).
 */
function isSupported(
  text: string,
  answer: string,
  options: readonly string[],
  drawings: readonly Drawing[],
): boolean {
  const chosen = options.filter((option) => option.startsWith(`${answer.charAt(0)}.`));
  const said = [text, answer, ...chosen].join('\n');
  if (namesAny(said, new Set(drawings.map(({ label }) => nameOf(label))))) return true;
  const places = new Set(drawings.flatMap(placesOf));
  return (said.match(/\d{2,}(?:\.\d+)?/g) ?? []).some((number) => places.has(Math.round(Number(number))));
}

/** Whether the words of one of the names stand in the text in a row. */
function namesAny(text: string, names: ReadonlySet<string>): boolean {
  const words = ` ${wordsIn(text).join(' ')} `;
  return [...names].some((name) => name !== '' && words.includes(` ${name} `));
}

/** The coordinates of a drawing and of the middle between its two points, rounded. */
function placesOf(drawing: Drawing): number[] {
  const numbers = numbersOf(drawing);
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = numbers;
  return [...numbers, (x1 + x2) / 2, (y1 + y2) / 2].map(Math.round);
}

/** Whether a turn says what an earlier one said, or goes round in a circle. */
function loops(texts: readonly string[]): boolean {
  return new Set(texts).size < texts.length || texts.some(goesRound);
}

/** Whether some words, at most `LOOP_WORDS`, follow themselves `LOOP_TIMES` times in a row. */
function goesRound(text: string): boolean {
  // Coordinates of many boxes may look alike; words of letters count.
  const lower = text.toLowerCase();
  const spoken = lower.match(isAscii(lower) ? /[a-z]+/g : /\p{L}+/gu) ?? [];
  const longest = Math.min(LOOP_WORDS, Math.floor(spoken.length / LOOP_TIMES));
  for (let length = 3; length <= longest; length++) {
    let run = 0;
    for (let at = length; at < spoken.length; at++) {
      run = spoken[at] === spoken[at - length] ? run + 1 : 0;
      if (run >= length * (LOOP_TIMES - 1) && !isDrawn(spoken.slice(at - length, at))) return true;
    }
  }
  return false;
}

/** Whether these are the keys of a list of drawings, which stand there as often as it has items. */
const isDrawn = (words: readonly string[]): boolean =>
  words.some((word) => word === 'bbox' || word === 'point' || word === 'label');

/** Whether upstream, which without answer tags takes the first number of all the text, takes it from a drawing. */
function takesIndex(text: string): boolean {
  if (/<answer>.*?<\/answer>/s.test(text) || firstNumber(text) === null) return false;
  const block = text.indexOf('```json');
  const digit = text.search(/\p{Nd}/u);
  return block >= 0 && digit > block;
}
