/** A trace that is chosen is painted within so many milliseconds, mostly; what can wait, waits for that. */
export const PAINTED = 100;
