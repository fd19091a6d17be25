/** Where the lines of a file begin and end, in bytes: eight bytes of memory a line, whatever its length. */
export class LineTable {
  private starts = new Float64Array(1024);
  private lines = 0;

  /** @param end where the first line begins; from then on, one after the last byte of the last line. */
  constructor(private end = 0) {}

  get count(): number {
    return this.lines;
  }

  /** Adds the line that goes from the end of the one before up to `end`, its line feed included. */
  add(end: number): void {
    if (this.lines === this.starts.length) {
      const larger = new Float64Array(this.starts.length * 2);
      larger.set(this.starts);
      this.starts = larger;
    }
    this.starts[this.lines++] = this.end;
    this.end = end;
  }

  /** The bytes of line number `index`, counted from 0, with its line feed if it has one; null if there is no such line. */
  range(index: number): { readonly start: number; readonly end: number } | null {
    const start = index < this.lines ? this.starts[index] : undefined;
    if (start === undefined) return null;
    return { start, end: index + 1 < this.lines ? (this.starts[index + 1] ?? this.end) : this.end };
  }
}
