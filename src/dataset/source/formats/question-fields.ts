import { type QuestionRow, readQuestionRow } from '../../question-rows';
import type { DraftFinding, NamedImage } from './codec';
import { isRecord } from './record';
import { badField, parseKeys } from './schema-findings';

/** The question that a row asks, with the fields of the row that name its images. */
export interface QuestionFields {
  readonly row: QuestionRow;
  readonly images: readonly NamedImage[];
}

/** Reads the fields of a question file's row, or says what is wrong with them. */
export function readQuestionFields(
  value: unknown,
  fallbackId: string,
): QuestionFields | { readonly findings: readonly DraftFinding[] } {
  const { row, findings } = readQuestionRow(value, 1, fallbackId);
  if (row === null) {
    return { findings: findings.map(({ field, message }) => badField(parseKeys(field ?? ''), message)) };
  }
  const named = isRecord(value) && value.image_path !== undefined ? 'image_path' : 'images';
  return { row, images: row.imagePaths.map((path, i) => ({ path, keys: [named, i], drawn: false })) };
}
