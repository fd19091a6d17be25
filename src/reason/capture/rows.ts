import { parseTurn } from '../../trace/parse-turn';
import type { QuestionType } from '../../trace/trace';

/** A row of a data set in LLaMA-Factory's sharegpt form, with `<image>` where an image stands. */
export interface CaptureRow {
  readonly conversations: readonly { readonly role: string; readonly content: string }[];
}

export const IMAGE = '<image>';

/** Sides of an image in pixels of model space. */
export type Size = readonly [width: number, height: number];

/** A message to the model: the texts before, between and after its images. */
export interface ShownMessage {
  readonly segments: readonly string[];
  /** Number of the first image it shows. */
  readonly firstIndex: number;
  /** Whether another message to the model follows. */
  readonly followed: boolean;
}

/** A row taken apart. */
export interface CaptureSample {
  readonly system: string | null;
  readonly question: ShownMessage;
  /** The messages after drawing turns. */
  readonly drawn: readonly ShownMessage[];
  /** What kind of answer was given, by its form. */
  readonly type: QuestionType;
}

/** Null for a row without a question that shows an image. */
export function readRow({ conversations }: CaptureRow): CaptureSample | null {
  const of = (role: string) =>
    conversations.filter((message) => message.role === role).map(({ content }) => content);
  const users = of('user');
  let shown = 0;
  const messages = users.map((content, i): ShownMessage => {
    const segments = content.split(IMAGE);
    const firstIndex = shown + 1;
    shown += segments.length - 1;
    return { segments, firstIndex, followed: i < users.length - 1 };
  });
  const [question, ...drawn] = messages;
  if (!question || question.segments.length < 2) return null;
  return {
    system: of('system')[0] ?? null,
    question,
    drawn: drawn.filter(({ segments }) => segments.length > 1),
    type: typeOf(parseTurn(of('assistant').at(-1) ?? '').answer ?? ''),
  };
}

function typeOf(answer: string): QuestionType {
  if (/^\(?[A-Z]\)?(?:[.:)].*)?$/s.test(answer)) return 'multiple-choice';
  return /^[-+]?[\d.,]+$/.test(answer) ? 'numerical' : 'free-form';
}
