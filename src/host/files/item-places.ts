import * as v from 'valibot';
import { refKey, type TraceRef, traceRefSchema } from '../../dataset/overlay/edit-event';
import { TraceCounter } from '../../dataset/overlay/trace-counter';
import type { DataItem, DataSource } from '../../dataset/source/data-source';
import { parseJson } from '../../trace/parse-json';

const hintsSchema = v.array(v.tuple([traceRefSchema, v.pipe(v.number(), v.integer(), v.minValue(0))]));

/** What is certain of one reading of a file. */
interface Known {
  readonly source: DataSource;
  /** By name, whether it is there; those that are stand at their `places`. */
  readonly isThere: Map<string, boolean>;
}

/** Where the traces of a data file stand that were seen: edits name a trace by its text, files have it at a place. */
export class ItemPlaces {
  private readonly places = new Map<string, number>();
  private known: Known | null = null;

  /** What the edits of an item are kept under. */
  async refOf(source: DataSource, item: DataItem): Promise<TraceRef> {
    const ref = { hash: item.hash, occurrence: await source.twinsBefore(item) };
    this.put(source, ref, item.index);
    return ref;
  }

  /** Where the item of that name was seen last, maybe in a file that has changed since; undefined if it was not. */
  placeOf(ref: TraceRef): number | undefined {
    return this.places.get(refKey(ref));
  }

  /** The item of that name: where it was seen last, else wherever it is in the file. Null if it is not there. */
  async find(source: DataSource, ref: TraceRef): Promise<DataItem | null> {
    const missing = await this.missing(source, [ref]);
    const place = this.places.get(refKey(ref));
    const item = missing.length > 0 || place === undefined ? null : await source.item(place);
    // The file may have changed since.
    return item?.hash === ref.hash ? item : null;
  }

  /**
   * Those of `refs` that are not in the file. Where some are not where they were seen last, reads the file once for all of
   * them, without making traces of what it reads.
   */
  async missing(source: DataSource, refs: readonly TraceRef[]): Promise<readonly TraceRef[]> {
    const { isThere } = this.about(source);
    const sought = new Map<string, TraceRef>();
    for (const ref of refs) {
      const key = refKey(ref);
      if (isThere.has(key)) continue;
      if (await this.isInPlace(source, ref)) isThere.set(key, true);
      else sought.set(key, ref);
    }
    if (sought.size > 0) await this.search(source, sought);
    return refs.filter((ref) => isThere.get(refKey(ref)) !== true);
  }

  /** Where those of these names were seen, as one line of JSON. */
  hints(refs: readonly TraceRef[]): string {
    const unique = new Map(refs.map((ref) => [refKey(ref), ref]));
    return JSON.stringify(
      [...unique].flatMap(([key, ref]) => {
        const place = this.places.get(key);
        return place === undefined ? [] : [[ref, place]];
      }),
    );
  }

  /** Takes in what was known before. Hints that are none, or wrong, only cost a search. */
  addHints(line: string): void {
    const json = parseJson(line);
    const hints = 'value' in json ? v.safeParse(hintsSchema, json.value) : null;
    if (!hints?.success) return;
    for (const [ref, index] of hints.output) this.places.set(refKey(ref), index);
  }

  private about(source: DataSource): Known {
    if (this.known?.source !== source) this.known = { source, isThere: new Map() };
    return this.known;
  }

  /** Notes that an item of that name stands at `index`. */
  put(source: DataSource, ref: TraceRef, index: number): void {
    this.places.set(refKey(ref), index);
    this.about(source).isThere.set(refKey(ref), true);
  }

  private async isInPlace(source: DataSource, { hash, occurrence }: TraceRef): Promise<boolean> {
    const place = this.places.get(refKey({ hash, occurrence }));
    // Of several of the same text, the first is there if any is.
    return place !== undefined && occurrence === 0 && (await source.hash(place)) === hash;
  }

  private async search(source: DataSource, sought: Map<string, TraceRef>): Promise<void> {
    const { isThere } = this.about(source);
    const hashes = new Set([...sought.values()].map(({ hash }) => hash));
    const counter = new TraceCounter();
    for (let index = 0; sought.size > 0; index++) {
      const hash = await source.hash(index);
      if (hash === null) break;
      if (!hashes.has(hash)) continue;
      const ref = counter.next(hash);
      if (sought.delete(refKey(ref))) this.put(source, ref, index);
    }
    for (const key of sought.keys()) isThere.set(key, false);
  }
}
