/** Where an item of a data file stands. */
export interface ItemRange {
  /** Byte of the file where it begins. */
  readonly start: number;
  /** One after its last byte. */
  readonly end: number;
  /** 1-based line in which it begins. */
  readonly line: number;
}

/** Items that were found together, in the order of the file: item `i` of them is `starts[i]`, `lengths[i]`, `lines[i]`. */
export interface ItemBatch {
  readonly starts: Float64Array<ArrayBuffer>;
  /** In bytes; an item of 4 GiB or more, which nobody reads, counts as that long. */
  readonly lengths: Uint32Array<ArrayBuffer>;
  readonly lines: Uint32Array<ArrayBuffer>;
}

const LARGEST = 0xffffffff;

/** Where the items of a data file stand: sixteen bytes of memory an item, whatever its length. */
export class ItemTable {
  private starts = new Float64Array(256);
  private lengths = new Uint32Array(256);
  private lines = new Uint32Array(256);
  private items = 0;

  get count(): number {
    return this.items;
  }

  add(start: number, end: number, line: number): void {
    this.makeRoom(this.items + 1);
    this.starts[this.items] = start;
    this.lengths[this.items] = Math.min(end - start, LARGEST);
    this.lines[this.items] = Math.min(line, LARGEST);
    this.items++;
  }

  append({ starts, lengths, lines }: ItemBatch): void {
    this.makeRoom(this.items + starts.length);
    this.starts.set(starts, this.items);
    this.lengths.set(lengths, this.items);
    this.lines.set(lines, this.items);
    this.items += starts.length;
  }

  /** Where item number `index`, counted from 0, stands; null if there is no such item. */
  range(index: number): ItemRange | null {
    const start = index < this.items ? this.starts[index] : undefined;
    if (start === undefined) return null;
    return { start, end: start + (this.lengths[index] ?? 0), line: this.lines[index] ?? 1 };
  }

  /** A copy of all items from number `from` on. */
  since(from: number): ItemBatch {
    return {
      starts: this.starts.slice(from, this.items),
      lengths: this.lengths.slice(from, this.items),
      lines: this.lines.slice(from, this.items),
    };
  }

  private makeRoom(count: number): void {
    if (count <= this.starts.length) return;
    const room = Math.max(count, this.starts.length * 2);
    const [starts, lengths, lines] = [new Float64Array(room), new Uint32Array(room), new Uint32Array(room)];
    starts.set(this.starts);
    lengths.set(this.lengths);
    lines.set(this.lines);
    [this.starts, this.lengths, this.lines] = [starts, lengths, lines];
  }
}
