import * as v from 'valibot';
import { QUESTION_TYPES } from '../../trace/trace';

const MOST = 30;

const questionSchema = v.object({
  text: v.pipe(v.string(), v.nonEmpty()),
  options: v.array(v.string()),
  type: v.picklist(QUESTION_TYPES),
});
/** A question without its pictures. */
export type AskedQuestion = v.InferOutput<typeof questionSchema>;

/** Where small things are kept from one session to the next (a `Memento` of VS Code). */
export interface Keep {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

const KEY = 'recentQuestions';

/** The questions asked last, the newest first, each once. */
export class RecentQuestions {
  constructor(private readonly keep: Keep) {}

  list(): readonly AskedQuestion[] {
    const kept = v.safeParse(v.array(v.unknown()), this.keep.get(KEY));
    if (!kept.success) return [];
    return kept.output.flatMap((one) => {
      const question = v.safeParse(questionSchema, one);
      return question.success ? [question.output] : [];
    });
  }

  async add({ text, options, type }: AskedQuestion): Promise<void> {
    const question = { text, options: [...options], type };
    const others = this.list().filter((other) => !isSame(other, question));
    await this.keep.update(KEY, [question, ...others].slice(0, MOST));
  }

  async remove(question: AskedQuestion): Promise<void> {
    await this.keep.update(
      KEY,
      this.list().filter((other) => !isSame(other, question)),
    );
  }
}

const isSame = (a: AskedQuestion, b: AskedQuestion): boolean =>
  a.text === b.text && a.options.join('\n') === b.options.join('\n');
