/**
 * Makes something when it is first asked for, and gives the same from then on. What could not be made is made anew the next
 * time: a failure is nobody's for ever.
 */
export class Once<T> {
  private made: Promise<T> | null = null;

  constructor(private readonly make: () => Promise<T>) {}

  get(): Promise<T> {
    if (this.made !== null) return this.made;
    const made = this.make();
    this.made = made;
    made.catch(() => {
      if (this.made === made) this.made = null;
    });
    return made;
  }

  /** What was made, or is being made; null before it was asked for, and after a failure. */
  get known(): Promise<T> | null {
    return this.made;
  }
}
