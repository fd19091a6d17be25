import { createHash } from 'node:crypto';
import type { Trace } from '../../trace/trace';

/**
 * What a verdict is pinned to, so that it holds for nothing else: `hash`, the name of the trace in its file, where the edits
 * leave it as it is there, else the SHA-256 (hexadecimal) of what can be judged of it.
 */
export function pinOf(hash: string, original: Trace, trace: Trace): string {
  if (trace === original) return hash;
  const text = judgedText(trace);
  return text === judgedText(original) ? hash : createHash('sha256').update(text).digest('hex');
}

/** All of a trace that edits change and that counts, in one text: `docs/overlay-format.md` defines it. */
const judgedText = ({ question, options, type, gold, kind, images, turns }: Trace): string =>
  JSON.stringify([
    ...[question, options, type, gold, kind],
    images.map(({ path }) => path),
    turns.map(({ text }) => text),
  ]);
