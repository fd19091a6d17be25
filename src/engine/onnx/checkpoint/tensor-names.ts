import type { TextSpec, VisionSpec } from '../model-spec';

/** What a tensor is for, which decides how it is stored: only `linear` and `head` may be quantised. */
export type TensorRole = 'vision' | 'linear' | 'vector' | 'head' | 'embedding';

/** A tensor that the architecture requires, in canonical name and PyTorch shape. */
export interface ExpectedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly role: TensorRole;
}

export const EMBEDDING = 'model.embed_tokens.weight';
export const HEAD = 'lm_head.weight';

/** The key of a checkpoint as the published 7B writes it; transformers 4.52 renamed the modules. */
export function canonicalName(key: string): string {
  if (key.startsWith('model.visual.')) return key.slice('model.'.length);
  if (key.startsWith('model.language_model.')) return `model.${key.slice('model.language_model.'.length)}`;
  return key;
}

/** Every tensor of the model, in the order in which the runtime meets them. */
export function expectedTensors(text: TextSpec, vision: VisionSpec): ExpectedTensor[] {
  return [...visionTensors(vision), ...textTensors(text)];
}

function visionTensors(vision: VisionSpec): ExpectedTensor[] {
  const { hidden, intermediate, patch, temporalPatch, inChannels, outHidden, merge } = vision;
  const expect = (name: string, ...shape: number[]): ExpectedTensor => ({
    name: `visual.${name}`,
    shape,
    role: 'vision',
  });
  const linear = (name: string, outputs: number, inputs: number) => [
    expect(`${name}.weight`, outputs, inputs),
    expect(`${name}.bias`, outputs),
  ];
  const block = (at: string) => [
    expect(`${at}.norm1.weight`, hidden),
    ...linear(`${at}.attn.qkv`, 3 * hidden, hidden),
    ...linear(`${at}.attn.proj`, hidden, hidden),
    expect(`${at}.norm2.weight`, hidden),
    ...linear(`${at}.mlp.gate_proj`, intermediate, hidden),
    ...linear(`${at}.mlp.up_proj`, intermediate, hidden),
    ...linear(`${at}.mlp.down_proj`, hidden, intermediate),
  ];
  const merged = hidden * merge * merge;
  return [
    expect('patch_embed.proj.weight', hidden, inChannels, temporalPatch, patch, patch),
    ...range(vision.depth).flatMap((i) => block(`blocks.${i}`)),
    expect('merger.ln_q.weight', hidden),
    ...linear('merger.mlp.0', merged, merged),
    ...linear('merger.mlp.2', outHidden, merged),
  ];
}

function textTensors(text: TextSpec): ExpectedTensor[] {
  const { hidden, intermediate, vocab } = text;
  const queries = text.heads * text.headDim;
  const keys = text.kvHeads * text.headDim;
  const vector = (name: string, width: number): ExpectedTensor => ({ name, shape: [width], role: 'vector' });
  const linear = (name: string, outputs: number, inputs: number): ExpectedTensor => ({
    name: `${name}.weight`,
    shape: [outputs, inputs],
    role: 'linear',
  });
  const layer = (at: string) => [
    vector(`${at}.input_layernorm.weight`, hidden),
    linear(`${at}.self_attn.q_proj`, queries, hidden),
    vector(`${at}.self_attn.q_proj.bias`, queries),
    linear(`${at}.self_attn.k_proj`, keys, hidden),
    vector(`${at}.self_attn.k_proj.bias`, keys),
    linear(`${at}.self_attn.v_proj`, keys, hidden),
    vector(`${at}.self_attn.v_proj.bias`, keys),
    linear(`${at}.self_attn.o_proj`, hidden, queries),
    vector(`${at}.post_attention_layernorm.weight`, hidden),
    linear(`${at}.mlp.gate_proj`, intermediate, hidden),
    linear(`${at}.mlp.up_proj`, intermediate, hidden),
    linear(`${at}.mlp.down_proj`, hidden, intermediate),
  ];
  const head: ExpectedTensor[] = text.tied ? [] : [{ name: HEAD, shape: [vocab, hidden], role: 'head' }];
  return [
    { name: EMBEDDING, shape: [vocab, hidden], role: 'embedding' },
    ...range(text.layers).flatMap((i) => layer(`model.layers.${i}`)),
    vector('model.norm.weight', hidden),
    ...head,
  ];
}

const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
