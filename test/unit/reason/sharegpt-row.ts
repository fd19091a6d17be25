import type { CaptureRow } from '../../../src/reason/capture-profile';
import type { PromptProfile } from '../../../src/reason/profile';
import type { Question } from '../../../src/reason/question';
import {
  type PromptPart,
  renderDrawn,
  renderQuestion,
  renderSystem,
} from '../../../src/reason/render-prompt';
import { formatAnswerTurn, formatDrawingTurn } from '../../../src/trace/format-turn';
import type { Size } from '../../../src/trace/geometry';

/** A conversation to be written as a row of a data set: how many images each drawing turn gives, and how it ends. */
export interface RowPlan {
  readonly question: Omit<Question, 'gold'>;
  readonly sizes: readonly Size[];
  readonly draws: readonly number[];
  /** Whether the last message demands the answer. */
  readonly forced: boolean;
}

const ANSWERS = { 'multiple-choice': 'B', numerical: '4.5', 'free-form': 'a red door' };

/** The parts of a message as a data set writes them. */
export const written = (parts: readonly PromptPart[]): string =>
  parts.map((part) => (part.type === 'text' ? part.text : '<image>')).join('');

/** The row that someone who speaks the words of `profile` would write. Image 1 is drawn on throughout. */
export function sharegptRow(profile: PromptProfile, { question, sizes, draws, forced }: RowPlan): CaptureRow {
  const [size] = sizes;
  if (!size) throw new Error('no image');
  const conversations = [
    { role: 'system', content: renderSystem(profile, size) },
    { role: 'user', content: written(renderQuestion(profile, question, sizes)) },
  ];
  let shown = sizes.length;
  draws.forEach((count, i) => {
    const box = { index: 1, bbox_2d: [1, 2, 3, 4], label: 'a' } as const;
    conversations.push({ role: 'assistant', content: formatDrawingTurn('I draw.', [box]) });
    const images = Array.from({ length: count }, (_, k) => ({ number: shown + k + 1, size }));
    shown += count;
    const [first, ...rest] = images;
    if (!first) throw new Error('a drawing turn gives an image');
    const final = forced && i === draws.length - 1;
    conversations.push({ role: 'user', content: written(renderDrawn(profile, [first, ...rest], final)) });
  });
  conversations.push({ role: 'assistant', content: formatAnswerTurn('So it is.', ANSWERS[question.type]) });
  return { conversations };
}
