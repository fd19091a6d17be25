import type { QuestionType } from '../../trace/trace';
import type { SplitQuestion } from './read-options';

/** `(A, B, C or D)`: the choices stand in the question itself. */
const LETTERS = /\bA\s*(?:,|\/|\bor\b)\s*(?:or\s+)?B\b/;
const NUMBER =
  /\bhow (?:many|much|far|long|tall|high|wide|deep|big|large|old)\b|\bwhat (?:is|was) the (?:number|distance|size|area|length|height|width|count)\b|\bin (?:met(?:er|re)s|centimet(?:er|re)s|cm|feet|inches|degrees|square met(?:er|re)s)\b/i;

/** The type of answer that a question most likely asks for. */
export function guessType({ text, options }: SplitQuestion): QuestionType {
  if (options.length > 0 || LETTERS.test(text)) return 'multiple-choice';
  return NUMBER.test(text) ? 'numerical' : 'free-form';
}
