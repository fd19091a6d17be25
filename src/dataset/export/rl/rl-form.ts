import type { PromptProfile } from '../../../reason/profile';
import type { Columns } from '../parquet/column';
import type { ParquetRow } from '../parquet/parquet-file';
import type { RlQuestion } from './rl-question';

/** What the files beside the rows are made from. */
export interface RlFacts {
  readonly name: string;
  readonly rows: number;
  /** Tokens of the longest prompt, at most. */
  readonly promptTokens: number;
  /** Images of the question with the most. */
  readonly images: number;
  readonly profile: PromptProfile;
}

/** What a trainer of reinforcement learning takes: its rows, and the files beside them. */
export interface RlForm {
  readonly columns: Columns;
  row(question: RlQuestion, index: number): ParquetRow;
  /** Texts by their names. */
  files(facts: RlFacts): Readonly<Record<string, string>>;
}

/** Upstream's limits of a rollout: docs/export.md says where they are from. */
export const ROLLOUT = {
  turns: 10,
  images: 42,
  turnTokens: 1024,
  responseTokens: 13_312,
  samples: 8,
} as const;

/** How many questions a step takes, and an update: upstream's, or what there is. A step with fewer is never taken. */
export function batchOf(rows: number): { readonly step: number; readonly update: number } {
  const step = Math.min(32, rows);
  return { step, update: step % 2 === 0 ? step / 2 : step };
}
