import * as v from 'valibot';

/*
 * The config files of a checkpoint folder as they are found in the wild. Only what the engine uses is described; the
 * rest of a file may be anything. What is missing gets the value that the reference implementation would use; the
 * sizes of the text model are never guessed, because the reference's own defaults are those of another model (72B).
 */

const size = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const id = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** Far above any model of this kind; a bound on the work that a wrong number can cause. */
const layers = v.pipe(size, v.maxValue(1000));
const positive = v.pipe(v.number(), v.gtValue(0), v.finite());
const ids = v.union([id, v.array(id)]);
const triple = v.tuple([v.number(), v.number(), v.number()]);
/** One side for both directions, as a number or, in newer files, a pair of equal ones. */
const side = v.pipe(
  v.union([size, v.pipe(v.array(size), v.minLength(1))]),
  v.transform((given) => (typeof given === 'number' ? [given] : given)),
  v.check((sides) => sides.every((one) => one === sides[0]), 'sides that are not equal are not supported'),
  v.transform((sides) => sides[0] ?? 0),
);

const ropeSchema = v.object({
  rope_type: v.nullish(v.string()),
  type: v.nullish(v.string()),
  rope_theta: v.nullish(positive),
  mrope_section: v.optional(v.tuple([id, id, id]), [16, 24, 24]),
});

/** The text model's fields: `text_config` in newer folders, the root of `config.json` in the 7B's. */
export const textSchema = v.object({
  hidden_size: size,
  num_hidden_layers: layers,
  num_attention_heads: size,
  /** Null: as many as query heads. */
  num_key_value_heads: v.nullable(size),
  head_dim: v.nullish(size),
  intermediate_size: size,
  vocab_size: size,
  rms_norm_eps: positive,
  max_position_embeddings: v.optional(size, 32768),
  hidden_act: v.optional(v.string(), 'silu'),
  rope_theta: v.optional(positive, 1_000_000),
  rope_scaling: v.nullish(ropeSchema),
  rope_parameters: v.nullish(ropeSchema),
  use_sliding_window: v.nullish(v.boolean(), false),
  sliding_window: v.optional(v.nullable(size), 4096),
  max_window_layers: v.nullish(id, 80),
  layer_types: v.nullish(v.array(v.string())),
  tie_word_embeddings: v.optional(v.boolean(), false),
  bos_token_id: v.nullish(id),
  eos_token_id: v.nullish(ids),
  pad_token_id: v.nullish(id),
});

/** `vision_config`. Tools leave out what equals the reference's defaults, so those are given here. */
export const visionSchema = v.object({
  depth: v.optional(layers, 32),
  hidden_size: v.optional(size, 3584),
  num_heads: v.optional(size, 16),
  intermediate_size: v.optional(size, 3420),
  out_hidden_size: v.optional(size, 3584),
  patch_size: v.optional(side, 14),
  temporal_patch_size: v.optional(side, 2),
  spatial_merge_size: v.optional(size, 2),
  window_size: v.optional(size, 112),
  fullatt_block_indexes: v.optional(v.array(id), [7, 15, 23, 31]),
  in_channels: v.nullish(size),
  in_chans: v.nullish(size),
  hidden_act: v.optional(v.string(), 'silu'),
  rope_parameters: v.nullish(v.object({ rope_theta: v.nullish(positive) })),
});

/** What `config.json` says whichever layout it has. */
export const rootSchema = v.object({
  model_type: v.string(),
  architectures: v.nullish(v.array(v.string())),
  quantization_config: v.nullish(v.object({ quant_method: v.optional(v.string(), 'an unnamed method') })),
  text_config: v.optional(v.unknown()),
  vision_config: visionSchema,
  tie_word_embeddings: v.optional(v.boolean(), false),
  image_token_id: v.optional(id, 151655),
  video_token_id: v.nullish(id),
  vision_start_token_id: v.optional(id, 151652),
  vision_end_token_id: v.optional(id, 151653),
});

export const generationSchema = v.object({
  bos_token_id: v.nullish(id),
  eos_token_id: v.nullish(ids),
  pad_token_id: v.nullish(id),
});

/** The image processor: `preprocessor_config.json`, or `image_processor` of `processor_config.json`. */
export const imageProcessorSchema = v.object({
  image_processor_type: v.nullish(v.string()),
  min_pixels: v.nullish(size),
  max_pixels: v.nullish(size),
  size: v.nullish(
    v.object({
      shortest_edge: v.nullish(size),
      longest_edge: v.nullish(size),
      min_pixels: v.nullish(size),
      max_pixels: v.nullish(size),
    }),
  ),
  patch_size: v.optional(side, 14),
  temporal_patch_size: v.optional(side, 2),
  merge_size: v.optional(size, 2),
  image_mean: v.optional(triple, [0.48145466, 0.4578275, 0.40821073]),
  image_std: v.optional(
    v.pipe(
      triple,
      v.check((std) => std.every((s) => s > 0), 'must be above zero'),
    ),
    [0.26862954, 0.26130258, 0.27577711],
  ),
  rescale_factor: v.optional(positive, 1 / 255),
  do_resize: v.nullish(v.boolean(), true),
  do_rescale: v.nullish(v.boolean(), true),
  do_normalize: v.nullish(v.boolean(), true),
  resample: v.nullish(v.number(), 3),
});

export const processorSchema = v.object({ image_processor: v.optional(imageProcessorSchema) });

export const tokenizerSchema = v.object({
  model: v.object({ vocab: v.record(v.string(), id) }),
  added_tokens: v.optional(v.array(v.object({ id, content: v.string() })), []),
});

export const tokenizerConfigSchema = v.object({
  chat_template: v.nullish(
    v.union([v.string(), v.array(v.object({ name: v.string(), template: v.string() }))]),
  ),
});

export const chatTemplateSchema = v.object({ chat_template: v.string() });

export const indexSchema = v.object({ weight_map: v.record(v.string(), v.string()) });

export type TextConfig = v.InferOutput<typeof textSchema>;
export type RootConfig = v.InferOutput<typeof rootSchema>;
export type VisionConfig = v.InferOutput<typeof visionSchema>;
export type GenerationConfig = v.InferOutput<typeof generationSchema>;
export type ImageProcessorConfig = v.InferOutput<typeof imageProcessorSchema>;
