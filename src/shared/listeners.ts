/** Those who want to hear of something. What one of them throws does not keep the others from hearing it. */
export class Listeners<T> {
  private readonly all = new Set<(value: T) => void>();

  /** Calls `listener` from now on, until what this gives is called. */
  add(listener: (value: T) => void): () => void {
    // Wrapped, so that one who listens twice is told twice and each can leave alone.
    const own = (value: T) => listener(value);
    this.all.add(own);
    return () => void this.all.delete(own);
  }

  tell(value: T): void {
    const failures: unknown[] = [];
    for (const listener of [...this.all]) {
      try {
        listener(value);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
