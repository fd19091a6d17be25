import type { QuestionType } from '../../trace/trace';
import { escapeTemplate } from '../template';
import { majority } from './majority';
import type { AddNote } from './notes';
import { type NumberedText, numberTemplate, skeleton } from './number-template';

/** A message that asks a question, its images marked, and what kind of answer it got. */
export interface Asked extends NumberedText {
  readonly type: QuestionType;
}

/** The wording round a question: `{question}{options}` stands between `before` and `lead`. All are templates. */
export interface QuestionWords {
  readonly before: string;
  readonly lead: string;
  readonly instructions: Partial<Record<QuestionType, string>>;
  readonly tail: string;
  /** Whether the rows told where the instruction begins and ends. */
  readonly split: boolean;
}

/** A line that is one of the options of a question, and so never wording. */
export const OPTION_LINE = /^[A-Z][.):] /m;

/** A line is wording if at least this share of the messages has it at its place. */
const SHARE = 0.6;
/** Fewer messages could be alike by chance. */
const LEAST_MESSAGES = 3;

/**
 * The words round the question: the lines that most messages begin with, and those that most messages of one type end
 * with. Where several types are seen, what their ends have in common is not instruction. Null where the messages are too
 * few or too much alike to tell the question from its words.
 */
export function captureQuestion(asked: readonly Asked[], field: string, note: AddNote): QuestionWords | null {
  if (new Set(asked.map(({ text }) => text)).size < LEAST_MESSAGES) {
    note(
      field,
      'not-seen',
      `Fewer than ${LEAST_MESSAGES} different questions: they cannot be told from the words round them.`,
    );
    return null;
  }
  const messages = asked.map((one) => ({ ...one, lines: one.text.split('\n') }));
  const head = commonLines(messages, (lines, i) => lines[i], 1);
  const before = head.map((line) => `${line}\n`).join('') + inlineLead(messages, head.length);
  const ends = new Map<QuestionType, string[]>();
  for (const type of ['multiple-choice', 'numerical', 'free-form'] as const) {
    const ofType = messages.filter((one) => one.type === type);
    if (new Set(ofType.map(({ text }) => text)).size < LEAST_MESSAGES) continue;
    ends.set(type, commonLines(ofType, (lines, i) => lines[lines.length - 1 - i], head.length + 1).reverse());
  }
  if (ends.size === 0) {
    note(field, 'not-seen', `No type of question has ${LEAST_MESSAGES} different questions.`);
    return null;
  }
  return { before, ...splitEnds(ends) };
}

type Message = Asked & { readonly lines: readonly string[] };

/** Templates of the lines that most messages share, counted by `lineAt`; at least `keep` lines of each are left over. */
function commonLines(
  messages: readonly Message[],
  lineAt: (lines: readonly string[], i: number) => string | undefined,
  keep: number,
): string[] {
  const found: string[] = [];
  let rows = messages;
  for (let i = 0; ; i++) {
    const candidates = rows.flatMap((row) => {
      const text = i + keep < row.lines.length ? lineAt(row.lines, i) : undefined;
      return text === undefined || OPTION_LINE.test(text) ? [] : [{ row, text, known: row.known }];
    });
    const { same } = majority(candidates, ({ text }) => skeleton(text));
    const template = same.length >= rows.length * SHARE ? numberTemplate(same) : null;
    if (!template) return found;
    found.push(template.template);
    rows = same.map(({ row }) => row);
  }
}

/** Words in the line of the question itself: what every such line begins with, up to a colon and a space. */
function inlineLead(messages: readonly Message[], line: number): string {
  const starts = messages.map(({ lines }) => /^[^:\n]{1,40}: /.exec(lines[line] ?? '')?.[0] ?? '');
  const { same } = majority(starts, (start) => start);
  return same.length === messages.length ? escapeTemplate(same[0] ?? '') : '';
}

/** Splits the last lines of each type into what all have first, what is the type's own, and what all have last. */
function splitEnds(ends: ReadonlyMap<QuestionType, readonly string[]>): Omit<QuestionWords, 'before'> {
  const all = [...ends.values()];
  const [first = []] = all;
  let tail = 0;
  let lead = 0;
  if (all.length > 1) {
    const shortest = Math.min(...all.map((lines) => lines.length));
    while (tail < shortest && all.every((lines) => lines.at(-1 - tail) === first.at(-1 - tail))) tail++;
    while (lead < shortest - tail && all.every((lines) => lines[lead] === first[lead])) lead++;
  } else {
    // One type alone: the last line before an empty one is taken for its instruction.
    const gap = first.indexOf('');
    tail = gap >= 0 ? first.length - gap : 0;
    lead = Math.max(first.length - tail - 1, 0);
  }
  const join = (lines: readonly string[]) => lines.map((line) => `\n${line}`).join('');
  const instructions: Partial<Record<QuestionType, string>> = {};
  for (const [type, lines] of ends) instructions[type] = join(lines.slice(lead, lines.length - tail));
  return {
    lead: join(first.slice(0, lead)),
    instructions,
    tail: join(first.slice(first.length - tail)),
    split: all.length > 1,
  };
}
