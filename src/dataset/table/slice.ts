import type { Slice } from './table-query';

/** Whether a question is in that part: always in the same one, wherever it stands in whatever file. */
export function isInSlice(questionKey: string, { part, of }: Slice): boolean {
  return fnv1a(questionKey) % of === part - 1;
}

/** The 32-bit FNV-1a hash of a text's UTF-16 code units. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
