import * as v from 'valibot';
import { IMAGE } from '../reason/capture/rows';
import type { Scored } from '../score/score';
import { parseJson } from '../trace/parse-json';
import { questionTypeOf } from './question-rows';

/** A line of a file of dialogues: what is to be scored in it, or why nothing is, for people. */
export type DialogueRow = { readonly scored: Scored } | { readonly error: string };

const part = v.looseObject({ type: v.string('it is no string') });
const rowSchema = v.looseObject(
  {
    messages: v.pipe(
      v.array(
        v.looseObject({
          role: v.string('a role is no string'),
          content: v.union([v.string(), v.array(part)], 'the content of a message is neither text nor parts'),
        }),
        '`messages` is no list',
      ),
      v.minLength(1, 'there are no messages'),
    ),
    question_type: v.string('`question_type` is no string'),
    gold: v.union([v.string(), v.number()], '`gold` is neither text nor a number'),
  },
  'it is no object',
);

/**
 * Reads a line of a file of dialogues to be scored: `{messages: [{role, content}], question_type, gold}`. Null for an empty
 * one.
 */
export function readDialogue(text: string): DialogueRow | null {
  if (text.trim() === '') return null;
  const json = parseJson(text);
  if ('fault' in json) {
    const why = json.fault === 'too-deep' ? 'it is nested too deeply' : json.reason;
    return { error: `It is no JSON: ${why}.` };
  }
  const row = v.safeParse(rowSchema, json.value);
  if (row.success) return { scored: toScored(row.output) };
  return { error: `It is no dialogue: ${describe(row.issues[0])}.` };
}

/** A field that is missing is a fault of the object for the schema. */
function describe(issue: v.InferIssue<typeof rowSchema>): string {
  const path = v.getDotPath(issue);
  return path !== null && issue.input === undefined ? `\`${path}\` is missing` : issue.message;
}

function toScored({ messages, question_type, gold }: v.InferOutput<typeof rowSchema>): Scored {
  const asked = messages.find(({ role }) => role === 'user')?.content ?? '';
  const said = messages.filter(({ role }) => role === 'assistant');
  return {
    messages: messages.map(({ role, content }) => ({
      role,
      content: typeof content === 'string' ? content : null,
    })),
    inputs: Math.max(countImages(asked), 1),
    turns: said.map(({ content }) => ({ text: typeof content === 'string' ? content : '' })),
    type: questionTypeOf(question_type) ?? 'free-form',
    upstreamType: question_type,
    options: [],
    gold: String(gold),
  };
}

/** How many images a message shows. */
function countImages(content: string | readonly { readonly type: string }[]): number {
  if (typeof content === 'string') return content.split(IMAGE).length - 1;
  return content.filter(({ type }) => type !== 'text').length;
}
