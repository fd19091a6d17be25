import { createHash } from 'node:crypto';
import { parseTurn } from '../../trace/parse-turn';
import type { Trace } from '../../trace/trace';
import type { Place } from './verdict-event';

/**
 * What a verdict is pinned to, so that it holds for nothing else: `hash`, the name of the trace in its file, where the edits
 * leave it as it is there, else the SHA-256 (hexadecimal) of what can be judged of it.
 */
export function pinOf(hash: string, original: Trace, trace: Trace): string {
  if (trace === original) return hash;
  const text = judgedText(trace);
  return text === judgedText(original) ? hash : sha256(text);
}

/**
 * What a verdict on a part of a trace is pinned to, the SHA-256 (hexadecimal) of its text: that of the turn, or that by which
 * the turn says the drawing. Null where there is no such part.
 */
export function pinOfPart({ turns }: Trace, { turn, shape }: Place): string | null {
  const text = turns[turn]?.text;
  if (text === undefined) return null;
  if (shape === undefined) return sha256(JSON.stringify(['turn', text]));
  const span = parseTurn(text).located[shape]?.span;
  return span === undefined ? null : sha256(JSON.stringify(['shape', text.slice(span.start, span.end)]));
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** All of a trace that edits change and that counts, in one text: `docs/overlay-format.md` defines it. */
const judgedText = ({ question, options, type, gold, kind, images, turns }: Trace): string =>
  JSON.stringify([
    ...[question, options, type, gold, kind],
    images.map(({ path }) => path),
    turns.map(({ text }) => text),
  ]);
