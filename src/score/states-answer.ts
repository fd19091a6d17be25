import { hasAnswerTags } from '../trace/format-rule';

/**
 * Whether a turn fixes the answer: it has both answer tags, or it says in words that the answer is this one ("the answer is
 * B", "so B is correct"). A heuristic in English; `answer` is what the trace ends with, null if it has none.
 */
export function statesAnswer(text: string, answer: string | null): boolean {
  if (hasAnswerTags(text)) return true;
  if (answer === null || answer === '') return false;
  const said = `\\(?"?${answer.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}"?\\)?(?![\\p{L}\\p{N}])`;
  return new RegExp(
    `answer\\s+(?:is|must be|should be)\\s*:?\\s*(?:option\\s+)?${said}|answer\\s*:\\s*${said}` +
      `|(?<![\\p{L}\\p{N}])(?:option\\s+)?${said}\\s+is\\s+(?:the\\s+)?(?:correct|right)`,
    'iu',
  ).test(text);
}
