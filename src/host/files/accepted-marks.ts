import type { Keep } from '../ask/recent-questions';

const KEY = 'acceptedMarks';

/** More than anyone accepts in one folder; the oldest are forgotten, and shown again. */
const MOST = 20_000;

/** The marks that somebody looked at and found nothing wrong, by their keys. They are kept with the folder. */
export class AcceptedMarks {
  private readonly keys: Set<string>;

  constructor(private readonly keep: Keep) {
    const kept = keep.get(KEY);
    this.keys = new Set(Array.isArray(kept) ? kept.filter((key) => typeof key === 'string') : []);
  }

  /** @param trace names the trace: marks of others may have the same keys. */
  has(trace: string, key: string): boolean {
    return this.keys.has(`${trace} ${key}`);
  }

  async add(trace: string, keys: readonly string[]): Promise<void> {
    for (const key of keys) this.keys.add(`${trace} ${key}`);
    await this.keep.update(KEY, [...this.keys].slice(-MOST));
  }
}
