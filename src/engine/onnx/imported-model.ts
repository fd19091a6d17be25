import type { WeightFormat } from '../engine';
import type { ModelSpec } from './model-spec';

/**
 * A checkpoint made ready for the runtime: its tensors converted and laid out in data files inside `dir`, so that ONNX
 * external data can point at them (`session.model_external_initializers_file_folder_path = dir`). It is plain data.
 */
export interface ImportedModel {
  /** Absolute path of the import; every `StoredRange.file` is a plain file name in it. */
  readonly dir: string;
  readonly spec: ModelSpec;
  readonly weights: WeightFormat;
  /** Tensors by canonical name: see `StoredTensor`. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** The embedding table `model.embed_tokens.weight`, `[vocab, hidden]`, to be read row by row. */
  readonly embedding: EmbeddingRows;
  readonly tokenizer: TokenizerFiles;
  /** The chat template (Jinja), or null where the checkpoint has none. */
  readonly chatTemplate: string | null;
  /** Text of `vilasr_profile.json` beside the weights, or null. */
  readonly profile: string | null;
  /** Folder name of the checkpoint, for people. */
  readonly name: string;
  /** See `EngineInfo.hash`; the same for the same model on any machine. */
  readonly hash: string;
}

/** What the sessions of a model need of it. */
export type RunnableModel = Pick<ImportedModel, 'dir' | 'spec' | 'tensors' | 'weights'>;

/** A run of bytes in a data file; `offset` is a multiple of 4096. */
export interface StoredRange {
  /** File name inside `ImportedModel.dir`. */
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

/**
 * One tensor, row-major, little-endian. Names are those of the published 7B, whatever prefix the checkpoint used:
 * `visual.patch_embed.proj.weight` (`[hidden, inChannels * temporalPatch * patch * patch]`, so that it multiplies a
 * pixel row), `visual.blocks.{i}…`, `visual.merger…`, `model.layers.{i}…`, `model.norm.weight`, `lm_head.weight`.
 *
 * `float32`, `float16`: shape as in PyTorch, a linear layer `[out, in]`. A tied head in these has no `lm_head.weight`: use
 * `model.embed_tokens.weight`, which is there in that case only, and shares its bytes with `ImportedModel.embedding`.
 *
 * `uint8`: the weight of a linear layer of the text model or the head as MatMulNBits wants it (see `Conversion`), shape
 * `[out, ceil(in / blockSize), bytes of a block]`. Its scales are a `float32` tensor `[out, ceil(in / blockSize)]` under
 * `scales`. A tied head that is quantised is `lm_head.weight`.
 */
export type StoredTensor = StoredRange & { readonly shape: readonly number[] } & (
    | { readonly dtype: 'float32' | 'float16' }
    | {
        readonly dtype: 'uint8';
        /** Of a code. */
        readonly bits: 8 | 4;
        /** Name of the tensor of scales. */
        readonly scales: string;
        /** Weights that share a scale, along the input dimension. */
        readonly blockSize: number;
        /** Input width of the layer: `K` of MatMulNBits. */
        readonly inputs: number;
      }
  );

/**
 * The embedding table on disk: `rows` rows of `width` values each, in the number format of the checkpoint (float32 or
 * float16 where a tied head needs it so). A row of a 7B is 7 KB: the host reads the rows it needs instead of holding a gigabyte.
 */
export interface EmbeddingRows extends StoredRange {
  readonly dtype: FloatFormat;
  readonly rows: number;
  readonly width: number;
}

/** The number formats of weights in a checkpoint. */
export type FloatFormat = 'float32' | 'bfloat16' | 'float16';

/** Absolute paths of the tokenizer's files. */
export interface TokenizerFiles {
  /** `tokenizer.json`. */
  readonly tokenizer: string;
  /** `tokenizer_config.json`. */
  readonly config: string;
}
