import * as v from 'valibot';
import { parseJson } from '../trace/parse-json';
import { linesOf } from './lines-of';

/** What an evaluation needs of a line of a results file. */
export interface ResultRow {
  readonly output: string;
  readonly gold: string;
  readonly problemType: string;
  /** What kind of question of its benchmark it is, as `object_counting`; null where it does not say. */
  readonly kind: string | null;
}

const text = (name: string) => v.string(`\`${name}\` is no string`);
const rowSchema = v.looseObject(
  {
    model_output: v.optional(text('model_output'), ''),
    answer: v.optional(v.union([v.string(), v.number()], '`answer` is neither text nor a number'), ''),
    problem_type: v.optional(text('problem_type'), ''),
    original_question_type: v.nullish(text('original_question_type')),
  },
  'it is no object',
);

/** Reads the lines of a results file as upstream's evaluation does. Throws `DataError` if the file cannot be read. */
export async function* readResults(
  path: string,
): AsyncGenerator<{ readonly line: number } & ({ readonly row: ResultRow } | { readonly error: string })> {
  let line = 0;
  for await (const content of linesOf(path)) {
    line++;
    if (content.trim() === '') continue;
    const json = parseJson(content);
    const parsed = 'fault' in json ? null : v.safeParse(rowSchema, json.value);
    if (parsed === null) yield { line, error: 'It is no JSON.' };
    else if (!parsed.success) yield { line, error: `It is no result: ${parsed.issues[0].message}.` };
    else {
      const { model_output, answer, problem_type, original_question_type } = parsed.output;
      const [output, gold, kind] = [model_output, String(answer), original_question_type ?? null];
      yield { line, row: { output, gold, problemType: problem_type, kind } };
    }
  }
}
