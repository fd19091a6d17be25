import type { Finding } from './finding';
import { type LineageImage, traceLineage } from './lineage';
import { type ParsedTurn, parseTurn } from './parse-turn';
import type { DerivedTurn, SpokenTurn, Trace } from './trace';

/** Everything that follows from the texts of a trace's turns. */
export interface DerivedTrace<T> {
  readonly parsed: readonly ParsedTurn[];
  /** Inputs first. Images of the last turn are not among them: no message followed that could show them. */
  readonly images: readonly LineageImage[];
  readonly turns: readonly (T & DerivedTurn)[];
  readonly answer: string | null;
  /** Those of the texts and of the lineage, each with its turn. */
  readonly findings: readonly Finding[];
}

/** Reads the texts of all turns of a trace with `inputs` input images; what else a turn has is kept. */
export function deriveTurns<T extends { readonly text: string }>(
  inputs: number,
  turns: readonly T[],
  maxImages?: number,
): DerivedTrace<T> {
  const read = turns.map((turn) => ({ turn, parsed: parseTurn(turn.text) }));
  const parsed = read.map((one) => one.parsed);
  const lineage = traceLineage(inputs, parsed.slice(0, -1), maxImages);
  const images = read.map((): number[] => []);
  for (const { turn, number } of lineage.images) if (turn !== null) images[turn]?.push(number);
  const inTexts = parsed.flatMap(({ findings }, turn) => findings.map((finding) => ({ ...finding, turn })));
  return {
    parsed,
    images: lineage.images,
    turns: read.map(({ turn, parsed: { think, action, drawings, answer } }, i) => ({
      ...turn,
      think,
      action,
      drawings,
      answer,
      images: images[i] ?? [],
    })),
    answer: parsed.at(-1)?.answer ?? null,
    findings: [...inTexts, ...lineage.findings],
  };
}

/** A trace with all that the texts do not say, before the derived fields are made from them. */
export type UnderivedTrace = Omit<Trace, 'turns' | 'answer'> & { readonly turns: readonly SpokenTurn[] };

/** The trace with its derived fields made from its texts. */
export function withDerived(trace: UnderivedTrace): Trace {
  const { turns, answer } = deriveTurns(trace.images.length, trace.turns, trace.run?.limits.maxImages);
  return { ...trace, turns, answer };
}
