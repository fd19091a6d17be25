import { OPTION_LINE } from '../../../reason/capture/capture-question';
import { IMAGE } from '../../../reason/capture/rows';
import type { Span } from '../../../trace/python-text';
import type { QuestionType } from '../../../trace/trace';

/** The question of a message, taken out of the words around it. */
export interface Asked {
  readonly question: string;
  readonly options: readonly string[];
  /** Null where the words do not tell. */
  readonly type: QuestionType | null;
  /** Where the question stands in the message, in UTF-16 code units; null where it could not be told from its words. */
  readonly span: Span | null;
  /** Where its options stand, from the first to the end of the last; null if there are none on lines of their own. */
  readonly optionsSpan: Span | null;
}

/** The line of an image, as in `This is image 2 (width 616, height 448).` */
const IMAGE_LINE =
  /^(?:the index of|this is|there is|image|view|picture|frame)\b[^?]{0,40}\b\d+\b[^?]{0,60}$/i;
/** Words before a question: headings, lines of images, what the images are to one another, the call to answer. */
const LEADS: readonly RegExp[] = [
  IMAGE_LINE,
  /^#{1,6} .{0,40}$/,
  /^the(?:se)?\b[^?]{0,20}\b(?:images|pictures|frames)\b[^?]*$/i,
  /^(?:.*\banswer\b.*|find out):$/i,
];
/** Words after it: lines of images, the form that the answer should have, the call to begin. */
const ENDS: readonly RegExp[] = [
  IMAGE_LINE,
  /^(?:please )?(?:answer|reply|provide|give|write|name)\b.*\b(?:options?|letters?|choices?|numbers?|numerical|words?|phrase|text|value)\b.*[.:)]$/i,
  /^(?:now )?(?:begin|start)\b.{0,200}:$/i,
];

interface Line extends Span {
  readonly text: string;
}

/**
 * Takes the question out of a message that asks it. It depends on this message alone, so that it is the same wherever the
 * item stands: lines of known wording are taken off the top and the bottom, then lines of options off the bottom. Where
 * nothing is left, the whole message is the question.
 */
export function readAsked(message: string): Asked {
  const lines = splitLines(message);
  let first = 0;
  let last = lines.length;
  while (first < last && isWording(lines[first], LEADS)) first++;
  while (last > first && isWording(lines[last - 1], ENDS)) last--;
  const instructions = lines.slice(last).map(({ text }) => text);
  let options = last;
  while (options > first && OPTION_LINE.test(lines[options - 1]?.text ?? '')) options--;
  if (last - options < 2) options = last;
  const optionsSpan = spanOf(lines.slice(options, last));
  const span = spanOf(trimEnd(lines.slice(first, options)));
  const type = typeOf(instructions.join('\n'), optionsSpan !== null);
  if (span === null || message.slice(span.start, span.end).includes(IMAGE)) {
    return {
      question: message.replaceAll(IMAGE, '').trim(),
      options: [],
      type,
      span: null,
      optionsSpan: null,
    };
  }
  return {
    question: message.slice(span.start, span.end),
    options: lines.slice(options, last).map(({ text }) => text.trim()),
    type,
    span,
    optionsSpan,
  };
}

function splitLines(message: string): Line[] {
  let start = 0;
  return message.split('\n').map((text) => {
    const line = { text, start, end: start + text.length };
    start = line.end + 1;
    return line;
  });
}

/** Whether nothing of a line but images and known words is left. */
function isWording(line: Line | undefined, known: readonly RegExp[]): boolean {
  const text = (line?.text ?? '').replaceAll(IMAGE, '').trim();
  return text === '' || known.some((words) => words.test(text));
}

const trimEnd = (lines: readonly Line[]): readonly Line[] =>
  lines.slice(0, lines.findLastIndex(({ text }) => text.trim() !== '') + 1);

function spanOf(lines: readonly Line[]): Span | null {
  const [first, last] = [lines[0], lines.at(-1)];
  return first && last ? { start: first.start, end: last.end } : null;
}

function typeOf(instructions: string, hasOptions: boolean): QuestionType | null {
  if (/\b(?:option|letter|choice)/i.test(instructions)) return 'multiple-choice';
  if (/\b(?:number|numerical)/i.test(instructions)) return 'numerical';
  return hasOptions ? 'multiple-choice' : null;
}
