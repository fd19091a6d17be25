/** Where an item of a data file stands. */
export interface ItemRange {
  /** Byte of the file where it begins. */
  readonly start: number;
  /** One after its last byte. */
  readonly end: number;
  /** 1-based line in which it begins. */
  readonly line: number;
}

/** An item that was found in a file. */
export interface FoundItem extends ItemRange {
  /** CRC-32 of its bytes: items of the same length and another check are not the same. */
  readonly check: number;
}

/** Items that were found together, in the order of the file: item `i` of them is `starts[i]`, `lengths[i]` and so on. */
export interface ItemBatch {
  readonly starts: Float64Array<ArrayBuffer>;
  /** In bytes; an item of 4 GiB or more, which nobody reads, counts as that long. */
  readonly lengths: Uint32Array<ArrayBuffer>;
  readonly lines: Uint32Array<ArrayBuffer>;
  readonly checks: Uint32Array<ArrayBuffer>;
}

const LARGEST = 0xffffffff;

/** Where the items of a data file stand: twenty bytes of memory an item, whatever its length. */
export class ItemTable {
  private starts = new Float64Array(256);
  private lengths = new Uint32Array(256);
  private lines = new Uint32Array(256);
  private checks = new Uint32Array(256);
  private items = 0;

  get count(): number {
    return this.items;
  }

  add({ start, end, line, check }: FoundItem): void {
    this.makeRoom(this.items + 1);
    this.starts[this.items] = start;
    this.lengths[this.items] = Math.min(end - start, LARGEST);
    this.lines[this.items] = Math.min(line, LARGEST);
    this.checks[this.items] = check;
    this.items++;
  }

  append({ starts, lengths, lines, checks }: ItemBatch): void {
    this.makeRoom(this.items + starts.length);
    this.starts.set(starts, this.items);
    this.lengths.set(lengths, this.items);
    this.lines.set(lines, this.items);
    this.checks.set(checks, this.items);
    this.items += starts.length;
  }

  /** Where item number `index`, counted from 0, stands; null if there is no such item. */
  range(index: number): ItemRange | null {
    const start = index < this.items ? this.starts[index] : undefined;
    if (start === undefined) return null;
    return { start, end: start + (this.lengths[index] ?? 0), line: this.lines[index] ?? 1 };
  }

  /** Numbers of the items before number `index` that are the same as it, but for rare ones whose check is so by chance. */
  alikeBefore(index: number): number[] {
    const [length, check] = [this.lengths[index], this.checks[index]];
    const alike: number[] = [];
    for (let i = 0; i < Math.min(index, this.items); i++) {
      if (this.checks[i] === check && this.lengths[i] === length) alike.push(i);
    }
    return alike;
  }

  /** A copy of all items from number `from` on. */
  since(from: number): ItemBatch {
    return {
      starts: this.starts.slice(from, this.items),
      lengths: this.lengths.slice(from, this.items),
      lines: this.lines.slice(from, this.items),
      checks: this.checks.slice(from, this.items),
    };
  }

  private makeRoom(count: number): void {
    if (count <= this.starts.length) return;
    const room = Math.max(count, this.starts.length * 2);
    const starts = new Float64Array(room);
    starts.set(this.starts);
    this.starts = starts;
    const larger = (numbers: Uint32Array<ArrayBuffer>) => {
      const copy = new Uint32Array(room);
      copy.set(numbers);
      return copy;
    };
    this.lengths = larger(this.lengths);
    this.lines = larger(this.lines);
    this.checks = larger(this.checks);
  }
}
