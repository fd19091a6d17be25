import * as v from 'valibot';
import { refKey, type TraceRef, traceRefSchema } from '../../dataset/overlay/edit-event';
import type { DataItem, DataSource } from '../../dataset/source/data-source';
import { parseJson } from '../../trace/parse-json';

const hintsSchema = v.array(v.tuple([traceRefSchema, v.pipe(v.number(), v.integer(), v.minValue(0))]));

/** Where the traces of a data file stand that were seen: edits name a trace by its text, files have it at a place. */
export class ItemPlaces {
  private readonly places = new Map<string, { readonly ref: TraceRef; readonly index: number }>();

  /** What the edits of an item are kept under. */
  async refOf(source: DataSource, item: DataItem): Promise<TraceRef> {
    const ref = { hash: item.hash, occurrence: await source.twinsBefore(item) };
    this.places.set(refKey(ref), { ref, index: item.index });
    return ref;
  }

  /** The item of that name: where it was seen last, else wherever it is in the file. Null if it is not there. */
  async find(source: DataSource, ref: TraceRef): Promise<DataItem | null> {
    const seen = this.places.get(refKey(ref));
    const there = seen === undefined ? null : await source.item(seen.index);
    if (there?.hash === ref.hash) return there;
    let occurrence = 0;
    for (let index = 0; ; index++) {
      const item = await source.item(index);
      if (item === null) return null;
      if (item.hash === ref.hash && occurrence++ === ref.occurrence) {
        this.places.set(refKey(ref), { ref, index });
        return item;
      }
    }
  }

  /** Takes note of where an item stands. */
  learn(ref: TraceRef, index: number): void {
    this.places.set(refKey(ref), { ref, index });
  }

  /** What is known, as one line of JSON. */
  hints(): string {
    return JSON.stringify([...this.places.values()].map(({ ref, index }) => [ref, index]));
  }

  /** Takes in what was known before. Hints that are none, or wrong, only cost a search. */
  addHints(line: string): void {
    const json = parseJson(line);
    const hints = 'value' in json ? v.safeParse(hintsSchema, json.value) : null;
    if (!hints?.success) return;
    for (const [ref, index] of hints.output) this.places.set(refKey(ref), { ref, index });
  }
}
