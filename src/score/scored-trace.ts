import { QUESTION_TYPES, type QuestionType, type Trace } from '../trace/trace';
import type { Scored } from './score';

/** The names that upstream's reward function knows types by; it scores no free form. */
export const UPSTREAM_TYPES: Readonly<Record<QuestionType, string>> = {
  'multiple-choice': 'multiple choice',
  numerical: 'numerical',
  'free-form': 'free-form',
};

/** The type that upstream calls so; null if it is none of its names. */
export function questionTypeOf(name: string): QuestionType | null {
  if (name === 'regression') return 'numerical';
  return QUESTION_TYPES.find((type) => UPSTREAM_TYPES[type] === name) ?? null;
}

/** A trace as it is scored: upstream's function goes by the places of the model's messages, and reads no others. */
export function scoredTrace({ images, turns, type, options, gold, question }: Trace): Scored {
  const dialogue = turns.flatMap(({ text }, turn) => [
    { role: 'user', content: turn === 0 ? question : '' },
    { role: 'assistant', content: text },
  ]);
  return {
    messages: [{ role: 'system', content: '' }, ...dialogue],
    ...{ inputs: images.length, turns, type, upstreamType: UPSTREAM_TYPES[type], options, gold },
  };
}
