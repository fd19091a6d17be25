/**
 * What a checkpoint of Qwen2.5-VL architecture is, in one shape whichever tool wrote its config files. Whoever holds a
 * `ModelSpec` may rely on it: the reader has checked every number against the architecture and every tensor against
 * the numbers. Parts that the architecture fixes have no field: SiLU, q/k/v biases and no other in the text layers,
 * biases everywhere in the vision blocks, an exact GELU in the merger.
 */
export interface ModelSpec {
  readonly text: TextSpec;
  readonly vision: VisionSpec;
  readonly tokens: TokenSpec;
  readonly images: ImageSpec;
}

/** The language model. */
export interface TextSpec {
  readonly hidden: number;
  readonly layers: number;
  /** Query heads. */
  readonly heads: number;
  /** Key and value heads; divides `heads`. */
  readonly kvHeads: number;
  /** `hidden / heads`, a multiple of 16. */
  readonly headDim: number;
  readonly intermediate: number;
  /** Rows of the embedding and of the head; at least as many as the tokenizer has ids. */
  readonly vocab: number;
  readonly rmsEps: number;
  readonly ropeTheta: number;
  /** How many of the `headDim / 2` rotary frequencies turn with the temporal, the height, the width position. */
  readonly mropeSection: readonly [temporal: number, height: number, width: number];
  /** The head is the embedding table: there is no `lm_head.weight` among the tensors. */
  readonly tied: boolean;
  /** Longest sequence in tokens. */
  readonly maxPositions: number;
}

/** The vision tower, its merger included. */
export interface VisionSpec {
  readonly depth: number;
  readonly hidden: number;
  readonly heads: number;
  /** `hidden / heads`, a multiple of 4 (rows and columns share the rotary frequencies). */
  readonly headDim: number;
  readonly intermediate: number;
  /** Side of a patch in pixels. */
  readonly patch: number;
  /** Frames in a patch; a still image is repeated to fill them. */
  readonly temporalPatch: number;
  /** `merge` x `merge` patches become one token. */
  readonly merge: number;
  /** Side of an attention window in pixels; a multiple of `patch * merge`. */
  readonly window: number;
  /** Blocks that attend over the whole image; the others attend within windows. */
  readonly fullAttentionBlocks: readonly number[];
  /** Width of what the merger gives: equals the text model's `hidden`. */
  readonly outHidden: number;
  readonly inChannels: number;
  readonly rmsEps: number;
  readonly ropeTheta: number;
}

/** Ids of the tokens that the engine must know by number. */
export interface TokenSpec {
  /** `<|image_pad|>`: stands once for each token of an image. */
  readonly imagePad: number;
  /** `<|video_pad|>`, or null where the config names none. */
  readonly videoPad: number | null;
  readonly visionStart: number;
  readonly visionEnd: number;
  /** Generation stops at any of these (`generation_config.json`, else `config.json`); at least one. */
  readonly eos: readonly number[];
  readonly bos: number | null;
  readonly pad: number | null;
}

/** What the image processor does: pixel v (0..255) of channel c becomes `(v * rescale - mean[c]) / std[c]`. */
export interface ImageSpec {
  /** Sides of a resized image are multiples of this: `patch * merge`. */
  readonly factor: number;
  /** Least and most area of a resized image, in pixels. */
  readonly minPixels: number;
  readonly maxPixels: number;
  readonly mean: readonly [red: number, green: number, blue: number];
  readonly std: readonly [red: number, green: number, blue: number];
  readonly rescale: number;
}
