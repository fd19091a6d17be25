/** What decides which entries of a queue may be worked on side by side. */
export interface Lane {
  /** Entries of different lanes are never worked on at the same time. */
  readonly name: string;
  /** Most entries of the lane at the same time. */
  readonly width: number;
}

/** Works on what is put in, first in first out, as many at a time as their lane allows. */
export class RunQueue<T> {
  private readonly waiting: T[] = [];
  private readonly working = new Set<T>();

  /**
   * @param work must not reject.
   * @param onMoved is told when places in the queue have changed.
   */
  constructor(
    private readonly laneOf: (entry: T) => Lane,
    private readonly work: (entry: T) => Promise<void>,
    private readonly onMoved: () => void,
  ) {}

  add(entry: T): void {
    this.waiting.push(entry);
    this.advance();
  }

  /** Takes an entry out that is not worked on yet; false if it is not waiting. */
  remove(entry: T): boolean {
    const place = this.waiting.indexOf(entry);
    if (place < 0) return false;
    this.waiting.splice(place, 1);
    this.advance();
    return true;
  }

  /** How many entries end or are begun before this one is; null if it does not wait. */
  ahead(entry: T): number | null {
    const place = this.waiting.indexOf(entry);
    return place < 0 ? null : place + this.working.size;
  }

  private advance(): void {
    for (let next = this.waiting[0]; next !== undefined && this.mayBegin(next); next = this.waiting[0]) {
      this.waiting.shift();
      void this.begin(next);
    }
    this.onMoved();
  }

  private mayBegin(entry: T): boolean {
    const { name, width } = this.laneOf(entry);
    const isAlone = [...this.working].every((other) => this.laneOf(other).name === name);
    return isAlone && this.working.size < Math.max(1, width);
  }

  private async begin(entry: T): Promise<void> {
    this.working.add(entry);
    try {
      await this.work(entry);
    } finally {
      this.working.delete(entry);
      this.advance();
    }
  }
}
