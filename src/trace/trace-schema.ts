import * as v from 'valibot';
import { QUESTION_TYPES, TRACE_FINISHES, TRACE_FORMAT, TRACE_KINDS, TURN_FINISHES } from './trace';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const atLeastOne = v.pipe(v.number(), v.integer(), v.minValue(1));
const seconds = v.pipe(v.number(), v.finite(), v.minValue(0));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'Invalid hash: Expected 64 hexadecimal digits'));

const sizeSchema = v.object({ width: atLeastOne, height: atLeastOne });

export const inputImageSchema = v.object({
  path: v.pipe(v.string(), v.nonEmpty()),
  file: v.nullable(sizeSchema),
  model: v.nullable(sizeSchema),
  sha256: v.optional(sha256),
});

/** The derived fields may be missing or hold anything: they are made from the text. */
const turnSchema = v.object({
  text: v.string(),
  think: v.optional(v.unknown()),
  action: v.optional(v.unknown()),
  drawings: v.optional(v.unknown()),
  answer: v.optional(v.unknown()),
  images: v.optional(v.unknown()),
  finish: v.picklist(TURN_FINISHES),
  tokens: v.nullable(count),
  seconds: v.nullable(seconds),
});

const runSchema = v.object({
  model: v.string(),
  hash: v.nullable(v.string()),
  provider: v.string(),
  weights: v.nullable(v.string()),
  profile: v.string(),
  limits: v.object({
    maxTurns: atLeastOne,
    maxImages: atLeastOne,
    maxTokens: atLeastOne,
    minPixels: atLeastOne,
    maxPixels: atLeastOne,
  }),
  sampling: v.object({
    temperature: v.pipe(v.number(), v.minValue(0)),
    topP: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
    seed: v.number(),
  }),
  drawing: v.boolean(),
  startedAt: v.pipe(v.string(), v.isoTimestamp()),
  seconds,
});

/** One line of a trace file. Fields that it does not name are let through. */
export const traceSchema = v.object({
  format: v.literal(TRACE_FORMAT),
  id: v.pipe(v.string(), v.nonEmpty()),
  question: v.string(),
  options: v.array(v.string()),
  type: v.picklist(QUESTION_TYPES),
  gold: v.nullable(v.string()),
  kind: v.picklist(TRACE_KINDS),
  images: v.pipe(v.array(inputImageSchema), v.minLength(1)),
  turns: v.array(turnSchema),
  answer: v.optional(v.unknown()),
  finish: v.nullable(v.picklist(TRACE_FINISHES)),
  error: v.nullable(v.string()),
  run: v.nullable(runSchema),
  source: v.nullable(v.record(v.string(), v.unknown())),
});

/** A line of a trace file as it is read: its derived fields are not looked at yet. */
export type TraceJson = v.InferOutput<typeof traceSchema>;
