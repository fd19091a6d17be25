/**
 * A graphics card computes what grows with an image or a conversation, scores of attention and the inside of the tower's
 * MLP, in pieces of at most so many bytes: what every card binds as one buffer.
 */
export const MOST_AT_ONCE = 2 ** 27;
