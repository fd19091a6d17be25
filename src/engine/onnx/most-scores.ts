/** The scores of attention take at most so many bytes at once on a graphics card: what every one binds as one buffer. */
export const MOST_SCORES = 2 ** 27;
