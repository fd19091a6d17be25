import type { TraceDocument } from './trace-document';

/** The turn and the image that the view is about. */
export interface Choice {
  /** Counted from 0; null before the first turn. */
  readonly turn: number | null;
  /** Counted from 1. */
  readonly image: number;
}

/** A turn, with the first image that it drew, or if it drew none, the last that there was before it. */
export function chooseTurn(document: TraceDocument, turn: number): Choice {
  const chosen = document.turns[turn];
  if (!chosen) return firstChoice(document);
  const drawn = chosen.images[0]?.number;
  if (drawn !== undefined) return { turn, image: drawn };
  const before = document.images.findLast((image) => image.turn === null || image.turn < turn);
  return { turn, image: before?.number ?? 1 };
}

/** An image, with the turn that drew it; an input leaves the turn as it is. */
export function chooseImage(document: TraceDocument, image: number, now: Choice): Choice {
  const chosen = document.images[image - 1];
  return chosen ? { turn: chosen.turn ?? now.turn, image } : now;
}

/** What is shown of a trace at first: its first turn. */
export function firstChoice(document: TraceDocument): Choice {
  return document.turns.length > 0 ? chooseTurn(document, 0) : { turn: null, image: 1 };
}

/** The newest turn, which a run that goes on is followed by. */
export function newestChoice(document: TraceDocument): Choice {
  return document.turns.length > 0 ? chooseTurn(document, document.turns.length - 1) : firstChoice(document);
}

/** The choice if it is still there; its turn where the image is gone, as when it draws nothing any more; else the first. */
export function keepChoice(document: TraceDocument, kept: Choice): Choice {
  const { turn, image } = kept;
  const turnThere = turn === null ? document.turns.length === 0 : turn < document.turns.length;
  if (!turnThere) return firstChoice(document);
  if (document.images[image - 1]) return kept;
  return turn === null ? firstChoice(document) : chooseTurn(document, turn);
}
