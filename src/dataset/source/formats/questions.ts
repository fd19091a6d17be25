import { TRACE_FORMAT } from '../../../trace/trace';
import { type Codec, type Decoded, type Encoded, noTrace } from './codec';
import { readQuestionFields } from './question-fields';
import { otherFields } from './record';

/**
 * Rows of upstream's training and evaluation files: `question`, `answer`, `image_path` (or `images`), `problem_type` (or
 * `question_type`), `options`, `data_type`, `grid_size`. They give traces without turns.
 */
export const questions: Codec = {
  format: 'questions',
  looksFor: 'question and image_path (or images, answer, problem_type, question_type)',
  matches: (value) =>
    typeof value.question === 'string' &&
    ['image_path', 'images', 'answer', 'problem_type', 'question_type'].some((name) => name in value),
  decode,
};

function decode({ value, fallbackId }: Encoded): Decoded {
  const fields = readQuestionFields(value, fallbackId);
  if ('findings' in fields) return noTrace(fields.findings);
  const { row, images } = fields;
  const { text, options, type, gold, kind } = row.question;
  const trace = {
    format: TRACE_FORMAT,
    id: row.id,
    question: text,
    options,
    type,
    gold,
    kind,
    images: row.imagePaths.map((path) => ({ path, file: null, model: null })),
    turns: [],
    answer: null,
    finish: null,
    error: null,
    run: null,
    source: {
      format: 'questions',
      gridSize: row.gridSize,
      row: otherFields(value, [
        'question',
        'answer',
        'options',
        images[0]?.keys[0] === 'images' ? 'images' : 'image_path',
      ]),
    },
  } as const;
  return { trace, images, findings: [] };
}
