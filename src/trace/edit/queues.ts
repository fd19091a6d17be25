/** Things by a key, those of one key in their order, each to be taken once. */
export class Queues<T> {
  private readonly queues = new Map<string, T[]>();

  constructor(things: readonly T[], keyOf: (thing: T) => string) {
    for (const thing of things.toReversed()) {
      const key = keyOf(thing);
      const queue = this.queues.get(key);
      if (queue) queue.push(thing);
      else this.queues.set(key, [thing]);
    }
  }

  /** The next one of this key; undefined if none is left. */
  take(key: string): T | undefined {
    return this.queues.get(key)?.pop();
  }
}
