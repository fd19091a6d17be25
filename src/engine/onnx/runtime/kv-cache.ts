import type * as ort from 'onnxruntime-node';

/**
 * The keys and values of every layer for the tokens of several conversations: each has a slot, in which row t belongs to
 * its token t. Going back to an earlier token is to run the next one there: what follows it is forgotten.
 */
export interface KvCache {
  readonly slots: number;
  /** Tokens that there is room for in every slot. */
  readonly room: number;
  /** Of which slots one run can take a token each: of one alone, of some whose numbers follow one another, or of any. */
  readonly together: 'one' | 'neighbours' | 'any';
  /**
   * Makes room for `tokens` in every slot, keeping the first `held[slot]` rows of each. Throws `out-of-memory`, and all
   * slots are empty then.
   */
  reserve(tokens: number, held: readonly number[]): void;
  /** Copies the rows `[start, end)` of one slot to the same place in another, which has the same rows before them. */
  copy(from: number, to: number, start: number, end: number): void;
  /** Sets the M-RoPE position of token `t` of a slot, for which there must be room. */
  place(slot: number, t: number, position: readonly [temporal: number, height: number, width: number]): void;
  /** The most tokens to run at once after the first `start` of a slot, if `wanted` are there. */
  piece(slot: number, start: number, wanted: number): number;
  /**
   * Runs tokens of `slots`, see `together`, as many of each, at `[starts[i], starts[i] + n)`; `embeds` is
   * `[slots.length * n, hidden]`. The cache has room for them and knows their positions. Writes the logits after the last
   * token of each to `logits` `[slots.length, vocab]`. n is 1 if there are several slots.
   */
  run(
    session: ort.InferenceSession,
    embeds: Float32Array,
    slots: readonly number[],
    starts: readonly number[],
    logits: Float32Array,
  ): Promise<void>;
  close(): Promise<void>;
}
