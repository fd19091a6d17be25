import type { Prompt } from './prompt';

/**
 * How many tokens from the start two prompts share. Tokens of an image count as shared only where both have the same
 * image in the same place, so a changed picture ends the shared part at its first token.
 */
export function commonPrefix(a: Prompt, b: Prompt): number {
  const shorter = Math.min(a.ids.length, b.ids.length);
  let shared = 0;
  while (shared < shorter && a.ids[shared] === b.ids[shared]) shared++;
  for (let i = 0; i < Math.max(a.images.length, b.images.length); i++) {
    const left = a.images[i];
    const right = b.images[i];
    const start = Math.min(left?.start ?? shared, right?.start ?? shared);
    if (start >= shared) break;
    if (left?.start !== right?.start || left?.image.hash !== right?.image.hash) return start;
  }
  return shared;
}
