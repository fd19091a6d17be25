import { hasAnswerTags } from '../trace/format-rule';

/**
 * Tells whether a turn fixes the answer: it has both answer tags, or it says in words that the answer is this one ("the answer is
 * B", "so B is correct"). A heuristic in English; `answer` is what the trace ends with, null if it has none.
 */
export function statesAnswer(answer: string | null): (text: string) => boolean {
  if (answer === null || answer === '') return hasAnswerTags;
  let words: RegExp | null = null;
  return (text) => {
    if (hasAnswerTags(text)) return true;
    if (!WORDS.test(text)) return false;
    words ??= sayingThat(answer);
    return words.test(text);
  };
}

/** One of these is in all that says an answer in words. To make a pattern of the answer takes longer than all else. */
const WORDS = /answer|correct|right/iu;

function sayingThat(answer: string): RegExp {
  const said = `\\(?"?${answer.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}"?\\)?(?![\\p{L}\\p{N}])`;
  return new RegExp(
    `answer\\s+(?:is|must be|should be)\\s*:?\\s*(?:option\\s+)?${said}|answer\\s*:\\s*${said}` +
      `|(?<![\\p{L}\\p{N}])(?:option\\s+)?${said}\\s+is\\s+(?:the\\s+)?(?:correct|right)`,
    'iu',
  );
}
