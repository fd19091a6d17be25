import * as v from 'valibot';
import type { Question } from '../reason/question';
import type { QuestionType, TraceKind } from '../trace/trace';
import { type DataFinding, rowFinding, splitJsonRows } from './json-rows';

/** A question of a question file, before its images are looked for. */
export interface QuestionRow {
  /** 1-based line of the file where the row begins. */
  readonly line: number;
  /** `question_id` or `id` of the row, else `row-N`, counted from 1. Unique within the file. */
  readonly id: string;
  /** Its gold is never null. */
  readonly question: Question & { readonly gold: string };
  /** As the row has them: relative to the question file's folder or the working folder. */
  readonly imagePaths: readonly string[];
  /** Cells a side of a maze; null for anything else. */
  readonly gridSize: number | null;
}

export interface QuestionRows {
  readonly rows: readonly QuestionRow[];
  readonly findings: readonly DataFinding[];
}

/** What a `problem_type` means. `regression` is a number too; `vci` (camera moves) is a text. */
const TYPES: Readonly<Record<string, QuestionType>> = {
  'multiple choice': 'multiple-choice',
  numerical: 'numerical',
  regression: 'numerical',
  'free form': 'free-form',
  vci: 'free-form',
};

/** What a name of a type means, however it is spelt; undefined for one that is not known. */
export function questionTypeOf(name: string): QuestionType | undefined {
  const plain = name
    .trim()
    .toLowerCase()
    .replace(/[-_ ]+/g, ' ');
  return Object.hasOwn(TYPES, plain) ? TYPES[plain] : undefined;
}

const text = v.pipe(v.string('it is no string'), v.nonEmpty('it is empty'));
const problemType = v.pipe(
  text,
  v.rawTransform(({ dataset, addIssue, NEVER }): QuestionType => {
    const type = questionTypeOf(dataset.value);
    if (type !== undefined) return type;
    addIssue({ message: `it is none of ${Object.keys(TYPES).join(', ')}` });
    return NEVER;
  }),
);
const paths = v.pipe(v.array(text, 'it is no list'), v.minLength(1, 'it is empty'));
const textOrNumber = v.pipe(
  v.union([text, v.number()], 'it is no string with something in it, nor a number'),
  v.transform(String),
);
const gridSize = v.pipe(
  v.number('it is no number'),
  v.integer('it is not whole'),
  v.minValue(1, 'it is below 1'),
);

/** A row as upstream's evaluation and training files have it. Fields that it does not name are let through. */
const rowSchema = v.pipe(
  v.object(
    {
      question_id: v.nullish(textOrNumber),
      id: v.nullish(textOrNumber),
      question: text,
      answer: textOrNumber,
      image_path: v.optional(paths),
      images: v.optional(paths),
      problem_type: v.optional(problemType),
      question_type: v.optional(problemType),
      options: v.nullish(v.array(v.string('it is no string'), 'it is no list')),
      data_type: v.nullish(v.string('it is no string')),
      grid_size: v.nullish(gridSize),
    },
    'it is no object',
  ),
  v.forward(
    v.check((row) => (row.image_path ?? row.images) !== undefined, 'it is missing'),
    ['image_path'],
  ),
  v.forward(
    v.check((row) => (row.problem_type ?? row.question_type) !== undefined, 'it is missing'),
    ['problem_type'],
  ),
);

/**
 * Reads the text of a question file: a JSON array of rows, or one row a line. Every row that cannot be read is a finding
 * with its line and field; the others are read.
 */
export function parseQuestionRows(content: string): QuestionRows {
  const { entries, findings: broken } = splitJsonRows(content);
  const findings = [...broken];
  const rows: QuestionRow[] = [];
  const lines = new Map<string, number>();
  entries.forEach(({ line, value }, i) => {
    const { row, findings: wrong } = readQuestionRow(value, line, `row-${i + 1}`);
    findings.push(...wrong);
    if (row === null) return;
    const earlier = lines.get(row.id);
    if (earlier === undefined) {
      lines.set(row.id, line);
      rows.push(row);
    } else {
      findings.push({ line, field: 'question_id', message: `it is that of line ${earlier} too` });
    }
  });
  if (entries.length === 0 && findings.length === 0) {
    findings.push({ line: 1, field: null, message: 'the file holds no rows' });
  }
  return { rows, findings: findings.sort((a, b) => a.line - b.line) };
}

/** Reads a row that begins in `line` and, if it names itself nothing, is `fallbackId`. Its findings say what keeps it from being one. */
export function readQuestionRow(
  value: unknown,
  line: number,
  fallbackId: string,
): { readonly row: QuestionRow | null; readonly findings: readonly DataFinding[] } {
  const parsed = v.safeParse(rowSchema, value);
  if (!parsed.success) {
    return { row: null, findings: parsed.issues.map((issue) => rowFinding(line, issue)) };
  }
  const row = parsed.output;
  const imagePaths = row.image_path ?? row.images ?? [];
  return {
    row: {
      line,
      id: row.question_id ?? row.id ?? fallbackId,
      question: {
        text: row.question,
        options: row.options ?? [],
        type: row.problem_type ?? row.question_type ?? 'free-form',
        gold: row.answer,
        kind: kindOf(row.data_type, imagePaths.length),
      },
      imagePaths,
      gridSize: row.grid_size ?? null,
    },
    findings: [],
  };
}

/** Upstream's names for rows of video frames; several images are views of one scene otherwise. */
function kindOf(dataType: string | null | undefined, images: number): TraceKind {
  if (dataType === 'video' || dataType === 'spatial_r1') return 'video';
  return images > 1 ? 'multi-view' : 'single';
}
