import type { Finding } from './finding';
import { type LineageImage, traceLineage } from './lineage';
import { type ParsedTurn, parseTurn } from './parse-turn';
import type { DerivedTurn, SpokenTurn, Trace } from './trace';

/** What the texts of a trace's turns say. */
export interface ReadTrace<T> {
  readonly turns: readonly T[];
  readonly parsed: readonly ParsedTurn[];
  /** Inputs first. Images of the last turn are not among them: no message followed that could show them. */
  readonly images: readonly LineageImage[];
  readonly answer: string | null;
  /** Those of the texts and of the lineage, each with its turn. */
  readonly findings: readonly Finding[];
}

/** What the texts say, and the turns with their derived fields. */
export type DerivedTrace<T> = ReadTrace<T & DerivedTurn>;

/** Reads the texts of all turns of a trace with `inputs` input images. */
export function readTurns<T extends { readonly text: string }>(
  inputs: number,
  turns: readonly T[],
  maxImages?: number,
): ReadTrace<T> {
  const parsed = turns.map(({ text }) => parseTurn(text));
  const { images, findings: ofLineage } = traceLineage(inputs, parsed.slice(0, -1), maxImages);
  const inTexts = parsed.flatMap(({ findings }, turn) => findings.map((finding) => ({ ...finding, turn })));
  const answer = parsed.at(-1)?.answer ?? null;
  return { turns, parsed, images, answer, findings: [...inTexts, ...ofLineage] };
}

/** Reads the texts of all turns of a trace and gives each what it says; what else a turn has is kept. */
export function deriveTurns<T extends { readonly text: string }>(
  inputs: number,
  turns: readonly T[],
  maxImages?: number,
): DerivedTrace<T> {
  const read = readTurns(inputs, turns, maxImages);
  const images = turns.map((): number[] => []);
  for (const { turn, number } of read.images) if (turn !== null) images[turn]?.push(number);
  const derived = turns.flatMap((turn, i) => {
    const parsed = read.parsed[i];
    if (parsed === undefined) return [];
    const { think, action, drawings, answer } = parsed;
    return [{ ...turn, think, action, drawings, answer, images: images[i] ?? [] }];
  });
  return { ...read, turns: derived };
}

/** A trace with all that the texts do not say, before the derived fields are made from them. */
export type UnderivedTrace = Omit<Trace, 'turns' | 'answer'> & { readonly turns: readonly SpokenTurn[] };

/** The trace with its derived fields made from its texts. */
export function withDerived(trace: UnderivedTrace): Trace {
  const { turns, answer } = deriveTurns(trace.images.length, trace.turns, trace.run?.limits.maxImages);
  return { ...trace, turns, answer };
}
