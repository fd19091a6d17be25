/** How fast work goes, and how long what is left of it will take. */
export interface Pace {
  readonly perSecond: number;
  readonly secondsLeft: number;
}

/** Measures how fast work goes from now on. Times are in milliseconds, as `Date.now` tells them. */
export class Rate {
  private done = 0;

  constructor(private readonly began = Date.now()) {}

  /** One more is done. */
  add(): void {
    this.done++;
  }

  /** The pace with `left` things left to be done; null while none was done, or if none is left. */
  pace(left: number, now = Date.now()): Pace | null {
    const seconds = (now - this.began) / 1000;
    if (this.done === 0 || seconds <= 0 || left <= 0) return null;
    const perSecond = this.done / seconds;
    return { perSecond, secondsLeft: left / perSecond };
  }
}
