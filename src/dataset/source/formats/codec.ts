import type { Finding } from '../../../trace/finding';
import type { JsonPlace } from '../../../trace/json-place';
import type { Trace } from '../../../trace/trace';
import type { DataFormat, ItemFinding } from '../data-source';

/** The way to a value within an item. */
export type Keys = readonly (string | number)[];

/** A finding before its place in the file is known. */
export interface DraftFinding extends Omit<ItemFinding, 'path' | 'line' | 'byte'> {
  readonly keys: Keys;
  /** Where in the item it is, if that is known better than by its keys. */
  readonly place?: JsonPlace;
  /** Line feeds of the item before it, if its text is not known. */
  readonly lines?: number;
}

/** An image file that an item names. */
export interface NamedImage {
  readonly path: string;
  readonly keys: Keys;
  /** Whether it holds what was drawn and can be drawn again. */
  readonly drawn: boolean;
}

/** An item as a trace, null where it is none, and what is wrong with it. */
export interface Decoded {
  readonly trace: Trace | null;
  readonly images: readonly NamedImage[];
  readonly findings: readonly DraftFinding[];
}

/** An item that is to be read. */
export interface Encoded {
  readonly raw: string;
  /** `raw` as JSON. */
  readonly value: unknown;
  /** The id for an item that has none of its own. */
  readonly fallbackId: string;
}

/** Reads the items of one format. */
export interface Codec {
  readonly format: DataFormat;
  /** What its items have, for people who have a file of none. */
  readonly looksFor: string;
  /** Whether a value is an item of this format, by what marks it out from others. */
  matches(value: Readonly<Record<string, unknown>>): boolean;
  /** Throws nothing. */
  decode(item: Encoded): Decoded;
}

/** An item that gives no trace. */
export const noTrace = (findings: readonly DraftFinding[]): Decoded => ({
  trace: null,
  images: [],
  findings,
});

/** The same as a finding of the text of a turn, which stands at `keys`. */
export function inTurn({ code, severity, message, span }: Finding, turn: number, keys: Keys): DraftFinding {
  return { code, severity, message, turn, keys, ...(span && { span }) };
}
