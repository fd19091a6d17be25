import type { Drawing } from './drawing';
import type { Action } from './format-turn';
import type { Size } from './geometry';

/** The version of the JSON form. `docs/trace-format.md` defines it field by field. */
export const TRACE_FORMAT = 'vilasr.trace/1';

export const QUESTION_TYPES = ['multiple-choice', 'numerical', 'free-form'] as const;
/** What kind of answer a question asks for. */
export type QuestionType = (typeof QUESTION_TYPES)[number];

export const TRACE_KINDS = ['single', 'multi-view', 'video'] as const;
/** What the input images are to one another: there is one; they are views of one scene; they are frames in time. */
export type TraceKind = (typeof TRACE_KINDS)[number];

export const TURN_FINISHES = ['stop', 'length', 'cancelled', 'failed'] as const;
/** Why the model's text ends where it ends: it stopped, ran out of tokens, was cancelled, or the engine failed. */
export type TurnFinish = (typeof TURN_FINISHES)[number];

export const TRACE_FINISHES = [
  'stop',
  'length',
  'ToolError',
  'ToolGenError',
  'IndexError',
  'TooManyImages',
  'cancelled',
  'failed',
] as const;
/**
 * Why a trace ends; the names are upstream's, but for the last two. `stop`: the model answered, or spoke its last allowed
 * turn (then `answer` is null). `length`: a turn ran out of tokens. `ToolError`: a turn neither answers nor draws, or
 * draws on an image below 1. `ToolGenError`: a drawing cannot be carried out. `IndexError`: it names an image that does
 * not exist. `TooManyImages`: it drew though the limit of images was reached.
 */
export type TraceFinish = (typeof TRACE_FINISHES)[number];

/** One picture that the question is about. */
export interface InputImage {
  /** As it was given: absolute, or relative to the trace file. */
  readonly path: string;
  /** Its size on disk, as the model's own loader decodes it (file space); null if nobody has looked. */
  readonly file: Size | null;
  /** Its size as the model saw it (model space), which is that of every image drawn on it; null if unknown. */
  readonly model: Size | null;
  /** SHA-256 of the file's bytes, hexadecimal, by which to find a picture that was moved; absent if nobody has looked. */
  readonly sha256?: string | undefined;
}

/** What the text of a turn says, for those who would not parse it. Where it differs from the text, the text counts. */
export interface DerivedTurn {
  readonly think: string | null;
  readonly action: Action | null;
  readonly drawings: readonly Drawing[];
  readonly answer: string | null;
  /** Numbers of the images that came of its drawings and went into the next message; the last turn has none. */
  readonly images: readonly number[];
}

/** What was heard of the model in one turn. */
export interface SpokenTurn {
  /** All that the model said, unchanged, without the end token. */
  readonly text: string;
  readonly finish: TurnFinish;
  /** How many tokens the model generated; null if unknown. */
  readonly tokens: number | null;
  /** From the request to the end of the text; null if unknown. */
  readonly seconds: number | null;
}

export interface Turn extends SpokenTurn, DerivedTurn {}

/** Where the loop stops. Pixels are those of one image in model space. */
export interface RunLimits {
  /** Most turns; the last one is told to answer. */
  readonly maxTurns: number;
  /** Most images, inputs included. */
  readonly maxImages: number;
  /** Most tokens in one turn. */
  readonly maxTokens: number;
  readonly minPixels: number;
  readonly maxPixels: number;
}

/** How tokens were drawn; `temperature: 0` is greedy. */
export interface RunSampling {
  readonly temperature: number;
  readonly topP: number;
  readonly seed: number;
}

/** What spoke and under which rules: enough to run it again. */
export interface Run {
  readonly model: string;
  /** SHA-256 over the checkpoint: config, weights, tokenizer and chat template; null if the engine cannot know. */
  readonly hash: string | null;
  readonly provider: string;
  readonly weights: string | null;
  /** SHA-256 of the prompt profile. */
  readonly profile: string;
  readonly limits: RunLimits;
  readonly sampling: RunSampling;
  /** False if each drawing turn was answered with its base image undrawn. */
  readonly drawing: boolean;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly seconds: number;
}

/** One question, its images, what the model said turn by turn, and where all this came from. */
export interface Trace {
  readonly format: typeof TRACE_FORMAT;
  readonly id: string;
  readonly question: string;
  /** The choices with their letters, as in `A. table`; empty where there are none, or where the question holds them. */
  readonly options: readonly string[];
  readonly type: QuestionType;
  /** The right answer, null if unknown. */
  readonly gold: string | null;
  readonly kind: TraceKind;
  readonly images: readonly InputImage[];
  readonly turns: readonly Turn[];
  /** The answer of the last turn (derived). */
  readonly answer: string | null;
  /** Null if nobody knows, as for a trace from a data set. */
  readonly finish: TraceFinish | null;
  /** What went wrong, in words; never null where `finish` is `cancelled` or `failed`. */
  readonly error: string | null;
  /** Null if it was not made by the loop. */
  readonly run: Run | null;
  /** Where the question comes from: any record, such as the seed of a generated world. */
  readonly source: Readonly<Record<string, unknown>> | null;
}
