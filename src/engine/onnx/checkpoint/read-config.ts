import * as v from 'valibot';
import type { TextSpec, TokenSpec, VisionSpec } from '../model-spec';
import { badModel } from './bad-model';
import {
  type GenerationConfig,
  type RootConfig,
  rootSchema,
  type TextConfig,
  textSchema,
  type VisionConfig,
} from './config-schema';
import { parseJson } from './json';

/** `config.json`, with the text model's fields found in either layout. */
export interface Config {
  readonly root: RootConfig;
  readonly text: TextConfig;
}

const ARCHITECTURE = 'Qwen2_5_VLForConditionalGeneration';

/** Reads `config.json` (its `text` and its `path`) and refuses what is not a plain Qwen2.5-VL. */
export function readConfig(text: string, path: string): Config {
  const { model_type, architectures } = parseJson(
    text,
    v.object({ model_type: v.string(), architectures: v.nullish(v.array(v.string()), []) }),
    path,
  );
  if (model_type !== 'qwen2_5_vl' || (architectures.length > 0 && !architectures.includes(ARCHITECTURE))) {
    const found = [model_type, ...architectures].join(', ');
    throw badModel(
      path,
      `describes another architecture (${found}); this engine runs qwen2_5_vl (${ARCHITECTURE})`,
    );
  }
  const root = parseJson(text, rootSchema, path);
  if (root.quantization_config != null) {
    const method = root.quantization_config.quant_method;
    throw badModel(
      path,
      `says that the weights are quantised (${method}); give the original bf16, fp16 or fp32 weights`,
    );
  }
  const nested = v.object({ text_config: textSchema });
  const fields =
    root.text_config === undefined
      ? parseJson(text, textSchema, path)
      : parseJson(text, nested, path).text_config;
  return { root, text: fields };
}

/** True if the config wants the head to be the embedding table; the weights have the last word (`openCheckpoint`). */
export function wantsTiedHead({ root, text }: Config): boolean {
  return root.tie_word_embeddings || text.tie_word_embeddings;
}

/** The text model, checked against what the architecture allows. `tied` is the caller's knowledge of the weights. */
export function readTextSpec({ text }: Config, tied: boolean, path: string): TextSpec {
  const heads = text.num_attention_heads;
  const kvHeads = text.num_key_value_heads ?? heads;
  const headDim = text.hidden_size / heads;
  const demand = demandOf(path);
  demand(text.hidden_act === 'silu', `wants the activation ${text.hidden_act}; only silu is supported`);
  demand(
    Number.isInteger(headDim),
    `has a hidden_size (${text.hidden_size}) that its ${heads} heads do not divide`,
  );
  demand(
    headDim % 16 === 0,
    `has text heads ${headDim} wide; onnxruntime's attention needs a multiple of 16`,
  );
  demand(
    text.head_dim == null || text.head_dim === headDim,
    `has a head_dim of ${text.head_dim}; Qwen2.5-VL needs hidden_size / heads = ${headDim}`,
  );
  demand(heads % kvHeads === 0, `has ${kvHeads} key-value heads, which do not divide its ${heads} heads`);
  demand(!slides(text), 'uses a sliding attention window, which is not supported');

  const rope = text.rope_scaling ?? text.rope_parameters;
  const kind = rope?.rope_type ?? rope?.type ?? 'default';
  demand(
    kind === 'mrope' || kind === 'default',
    `scales its rotary positions by "${kind}", which is not supported; remove that from the config to run without it`,
  );
  const mropeSection = rope?.mrope_section ?? [16, 24, 24];
  const turned = mropeSection.reduce((sum, part) => sum + part, 0);
  demand(
    turned === headDim / 2,
    `has an mrope_section [${mropeSection.join(', ')}] that adds up to ${turned}, not to half a head (${headDim / 2})`,
  );
  return {
    hidden: text.hidden_size,
    layers: text.num_hidden_layers,
    heads,
    kvHeads,
    headDim,
    intermediate: text.intermediate_size,
    vocab: text.vocab_size,
    rmsEps: text.rms_norm_eps,
    ropeTheta: rope?.rope_theta ?? text.rope_theta,
    mropeSection,
    tied,
    maxPositions: text.max_position_embeddings,
  };
}

/** The reference's rule: layers from `max_window_layers` on slide, unless `layer_types` says which. */
function slides(text: TextConfig): boolean {
  if (text.use_sliding_window !== true || text.sliding_window === null) return false;
  const last = text.num_hidden_layers - 1;
  return text.layer_types?.includes('sliding_attention') ?? last >= (text.max_window_layers ?? 0);
}

/** The vision tower, checked against what the architecture allows and against the text model's width. */
export function readVisionSpec(vision: VisionConfig, textHidden: number, path: string): VisionSpec {
  const headDim = vision.hidden_size / vision.num_heads;
  const factor = vision.patch_size * vision.spatial_merge_size;
  const inChannels = vision.in_channels ?? vision.in_chans ?? 3;
  const demand = demandOf(path);
  demand(
    vision.hidden_act === 'silu',
    `wants the vision activation ${vision.hidden_act}; only silu is supported`,
  );
  demand(
    Number.isInteger(headDim) && headDim % 4 === 0,
    `has a vision width of ${vision.hidden_size} on ${vision.num_heads} heads; a head must be a multiple of 4 wide`,
  );
  demand(inChannels === 3, `wants images of ${inChannels} channels; only red, green and blue are supported`);
  demand(
    vision.window_size % factor === 0,
    `has a window_size of ${vision.window_size}, which patches of ${factor} pixels do not fill`,
  );
  demand(
    vision.out_hidden_size === textHidden,
    `joins a vision tower ${vision.out_hidden_size} wide to a text model ${textHidden} wide`,
  );
  const outside = vision.fullatt_block_indexes.find((block) => block >= vision.depth);
  demand(
    outside === undefined,
    `names block ${outside} in fullatt_block_indexes; there are ${vision.depth} blocks`,
  );
  return {
    depth: vision.depth,
    hidden: vision.hidden_size,
    heads: vision.num_heads,
    headDim,
    intermediate: vision.intermediate_size,
    patch: vision.patch_size,
    temporalPatch: vision.temporal_patch_size,
    merge: vision.spatial_merge_size,
    window: vision.window_size,
    fullAttentionBlocks: [...new Set(vision.fullatt_block_indexes)].sort((a, b) => a - b),
    outHidden: vision.out_hidden_size,
    inChannels,
    // The reference fixes it in code; no config names it.
    rmsEps: 1e-6,
    ropeTheta: vision.rope_parameters?.rope_theta ?? 10_000,
  };
}

/** Token ids, `generation_config.json` before `config.json`. `paths` are for messages. */
export function readTokenSpec(
  { root, text }: Config,
  generation: GenerationConfig | null,
  path: string,
): TokenSpec {
  const eos = generation?.eos_token_id ?? text.eos_token_id ?? [];
  const tokens: TokenSpec = {
    imagePad: root.image_token_id,
    videoPad: root.video_token_id ?? null,
    visionStart: root.vision_start_token_id,
    visionEnd: root.vision_end_token_id,
    eos: typeof eos === 'number' ? [eos] : eos,
    bos: generation?.bos_token_id ?? text.bos_token_id ?? null,
    pad: generation?.pad_token_id ?? text.pad_token_id ?? null,
  };
  const demand = demandOf(path);
  demand(tokens.eos.length > 0, 'names no eos_token_id, and neither does generation_config.json');
  const needed = [tokens.imagePad, tokens.visionStart, tokens.visionEnd, ...tokens.eos];
  const outside = needed.find((token) => token >= text.vocab_size);
  demand(
    outside === undefined,
    `uses the token id ${outside}; the vocabulary ends at ${text.vocab_size - 1}`,
  );
  return tokens;
}

const demandOf =
  (path: string) =>
  (holds: boolean, otherwise: string): void => {
    if (!holds) throw badModel(path, otherwise);
  };
