import * as v from 'valibot';
import { questionTypeOf } from '../../../score/scored-trace';
import { deriveTurns } from '../../../trace/derive';
import { type QuestionType, TRACE_FORMAT } from '../../../trace/trace';
import { readAsked } from './asked';
import { type Codec, type Decoded, type DraftFinding, type Encoded, inTurn, noTrace } from './codec';
import { kindOf } from './conversation';
import { otherFields } from './record';
import { saidSizes } from './said-sizes';
import { badField, schemaFindings } from './schema-findings';

const schema = v.looseObject(
  {
    input: v.string('it is no string'),
    output: v.string('it is no string'),
    request_id: v.nullish(v.string('it is no string')),
    uid: v.nullish(v.string('it is no string')),
  },
  'it is no object',
);

/** What an export for verl gives as ground truth; other data sets give the answer alone. */
const truthSchema = v.object({
  answer: v.string(),
  type: v.string(),
  images: v.optional(v.array(v.pipe(v.string(), v.nonEmpty()))),
});

/**
 * Rollouts that verl dumps (`trainer.rollout_data_dir`, `trainer.validation_data_dir`): a line has `input`, the prompt, and
 * `output`, all that was said after it, both without the tokens that mark turns and images; the roles of the chat template
 * remain, a line each. The images are those that the ground truth names, as in an export of this product; other dumps name
 * none.
 */
export const rollouts: Codec = {
  format: 'rollouts',
  looksFor: 'input, output and gts (or step), as verl dumps rollouts',
  matches: (value) =>
    typeof value.input === 'string' &&
    typeof value.output === 'string' &&
    ('gts' in value || 'step' in value),
  decode,
};

/** A system message, if there is one, then the question, then the role of who answers. */
const PROMPT = /^\s*(?:system\n([\s\S]*?)\n)?user\n([\s\S]*?)\n?assistant\n?$/;
/** What the model is shown between two turns. */
const SHOWN = /\nuser\n([\s\S]*?)\nassistant\n/;

/** Stands for a picture that nothing names. */
const NO_NAME = 'picture that the rollout does not name';

function decode({ value, fallbackId }: Encoded): Decoded {
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) return noTrace(schemaFindings(parsed.issues));
  const { input, output, request_id: requestId, uid, ...row } = parsed.output;
  const prompt = PROMPT.exec(input);
  if (prompt === null) {
    return noTrace([
      badField(['input'], 'no line with the role "user" and then one with "assistant" is in it'),
    ]);
  }
  const [, system = null, question = ''] = prompt;
  const pieces = output.split(SHOWN);
  const texts = pieces.filter((_, i) => i % 2 === 0);
  const users = [question, ...pieces.filter((_, i) => i % 2 === 1)];
  const truth = readTruth(row.gts);
  const findings: DraftFinding[] = [];
  if (truth.images === null) {
    const message = 'The rollout does not name its pictures. It is shown without them.';
    findings.push({ code: 'missing-image', severity: 'warning', message, keys: ['gts'] });
  }
  const paths = truth.images ?? [NO_NAME];
  const derived = deriveTurns(
    paths.length,
    texts.map((text) => ({ text, finish: 'stop' as const, tokens: null, seconds: null })),
  );
  for (const finding of derived.findings) findings.push(inTurn(finding, finding.turn ?? 0, ['output']));
  const asked = readAsked(question);
  const sizes = saidSizes(system, users, derived.images);
  const trace = {
    format: TRACE_FORMAT,
    id: requestId || uid || fallbackId,
    question: asked.question,
    options: asked.options,
    type: truth.type ?? asked.type ?? 'free-form',
    gold: truth.answer,
    kind: kindOf(question, paths.length),
    images: paths.map((path, i) => ({ path, file: null, model: sizes[i] ?? null })),
    turns: derived.turns,
    answer: derived.answer,
    finish: null,
    error: null,
    run: null,
    source: { format: 'rollouts', row: otherFields(row, ['gts']) },
  } as const;
  const images = (truth.images ?? []).map((path) => ({ path, keys: ['gts'], drawn: false }));
  return { trace, images, findings };
}

interface Truth {
  readonly answer: string | null;
  readonly type: QuestionType | null;
  readonly images: readonly string[] | null;
}

function readTruth(gts: unknown): Truth {
  if (typeof gts !== 'string') return { answer: null, type: null, images: null };
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), truthSchema), gts);
  if (!parsed.success) return { answer: gts, type: null, images: null };
  const { answer, type, images = [] } = parsed.output;
  return { answer, type: questionTypeOf(type), images: images.length > 0 ? images : null };
}
