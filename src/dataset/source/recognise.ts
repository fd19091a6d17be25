import type { DataFormat } from './data-source';
import type { Codec } from './formats/codec';
import { inference } from './formats/inference';
import { questions } from './formats/questions';
import { isRecord } from './formats/record';
import { results } from './formats/results';
import { rollouts } from './formats/rollouts';
import { sharegpt } from './formats/sharegpt';
import { traces } from './formats/traces';

/** Those that mark themselves out most clearly go first: a row of results is a question too. */
const CODECS: readonly Codec[] = [traces, results, sharegpt, inference, rollouts, questions];

/** The codec of the format of an item, by what is in it; null if it is of none. */
export function recognise(value: unknown): Codec | null {
  if (!isRecord(value)) return null;
  return CODECS.find((codec) => codec.matches(value)) ?? null;
}

export function codecOf(format: DataFormat): Codec {
  const codec = CODECS.find((one) => one.format === format);
  if (codec === undefined) throw new Error(`no codec for ${format}`);
  return codec;
}

/** All formats with what marks them, a line each, for those who have a file of none. */
export function listFormats(): string {
  return CODECS.map(({ format, looksFor }) => `  ${format}: ${looksFor}`).join('\n');
}
