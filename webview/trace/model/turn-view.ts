import { findBlocks } from '../../../src/trace/blocks';
import type { Drawing } from '../../../src/trace/drawing';
import type { Finding, TurnFinding } from '../../../src/trace/finding';
import { drawTurn, type LineageImage } from '../../../src/trace/lineage';
import { type ParsedTurn, parseTurn } from '../../../src/trace/parse-turn';
import type { TurnFinish } from '../../../src/trace/trace';
import type { ViewFinding } from '../../../src/view/trace-view';

/** A drawing's name for life: the turn that drew it and its place among that turn's drawings, from 0, as in `2.0`. */
export type ShapeId = `${number}.${number}`;

export function shapeId(turn: number, drawing: number): ShapeId {
  return `${turn}.${drawing}`;
}

/** The turn and the drawing that a shape's name is made of. */
export function partsOf(id: ShapeId): { readonly turn: number; readonly drawing: number } {
  const [turn, drawing] = id.split('.');
  return { turn: Number(turn), drawing: Number(drawing) };
}

/** One turn as it is shown: what was said, what it says, and the images that come of it. */
export interface TurnView {
  /** Counted from 0. */
  readonly number: number;
  readonly text: string;
  readonly parsed: ParsedTurn;
  /** Null while it is being said. */
  readonly finish: TurnFinish | null;
  readonly tokens: number | null;
  readonly seconds: number | null;
  /** The images that its drawings make of those before it, whether or not the model came to see them. */
  readonly images: readonly LineageImage[];
  /** Of its text and its drawings, in the order of the text; of a turn that is being said, what is sure already. */
  readonly findings: readonly (Finding | ViewFinding)[];
}

/** What was heard in a turn; `finish` is null while it is being said. */
export interface HeardTurn {
  readonly text: string;
  readonly finish: TurnFinish | null;
  readonly tokens: number | null;
  readonly seconds: number | null;
}

/** Where a turn stands in its trace. */
export interface TurnPlace {
  readonly number: number;
  /** The images there are before it. */
  readonly images: readonly LineageImage[];
  /** Most images that the trace may have. */
  readonly maxImages: number;
}

/** Reads what was said in a turn. Each drawing's name is noted in `ids`. */
export function readTurn(heard: HeardTurn, place: TurnPlace, ids: WeakMap<Drawing, ShapeId>): TurnView {
  const parsed = parseTurn(heard.text);
  for (const [i, drawing] of parsed.drawings.entries()) ids.set(drawing, shapeId(place.number, i));
  const lineage = drawTurn(place.images, parsed, place.number, place.maxImages);
  const sure = heard.finish === null ? findingsSoFar(heard.text, parsed) : parsed.findings;
  return {
    number: place.number,
    text: heard.text,
    parsed,
    finish: heard.finish,
    tokens: heard.tokens,
    seconds: heard.seconds,
    images: lineage.images,
    findings: [...sure, ...lineage.findings].sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0)),
  };
}

/** What is wrong with the blocks that are closed: all else may yet become right as the turn goes on. */
function findingsSoFar(text: string, parsed: ParsedTurn): readonly TurnFinding[] {
  if (parsed.findings.length === 0) return [];
  const closed = findBlocks(text).filter((block) => block.closed);
  return parsed.findings.filter(({ span }) =>
    closed.some((block) => block.span.start <= span.start && span.end <= block.span.end),
  );
}
