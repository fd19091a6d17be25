import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DataError } from './data-error';
import { listFindings } from './json-rows';
import { parseQuestionRows, type QuestionRow } from './question-rows';
import { readTextFile } from './read-text';
import { isInside } from './source/image-roots';

/** A question of a file whose images are there. */
export interface FoundQuestion extends QuestionRow {
  /** Absolute paths. */
  readonly images: readonly string[];
}

/**
 * The first `limit` questions of a file. An image path starts from the question file's folder or, if nothing is there,
 * from `workingFolder`; it may not lead out of both. Throws `DataError` that names line and field of all that is wrong:
 * a score over the rows that happen to be readable would be a score of something else.
 */
export async function readQuestions(
  path: string,
  workingFolder: string,
  limit = Number.POSITIVE_INFINITY,
): Promise<FoundQuestion[]> {
  const { rows, findings: unreadable } = parseQuestionRows(await readTextFile(path, 'The question file'));
  const findings = [...unreadable];
  const roots = [dirname(resolve(path)), resolve(workingFolder)];
  const found: FoundQuestion[] = [];
  for (const row of rows.slice(0, limit)) {
    const images: string[] = [];
    for (const [i, imagePath] of row.imagePaths.entries()) {
      const image = await findImage(imagePath, roots);
      if ('problem' in image) {
        findings.push({ line: row.line, field: `image_path[${i}]`, message: image.problem });
      } else images.push(image.path);
    }
    found.push({ ...row, images });
  }
  if (findings.length > 0) throw new DataError(listFindings(path, findings));
  return found;
}

/** The file that an image path means: from one of the roots, and inside one of them. */
export async function findImage(
  imagePath: string,
  roots: readonly string[],
): Promise<{ readonly path: string } | { readonly problem: string }> {
  const candidates = roots
    .map((root) => resolve(root, imagePath))
    .filter((candidate) => roots.some((root) => isInside(candidate, root)));
  if (candidates.length === 0) {
    const problem = `${imagePath} leads out of the question file's folder and of the working folder`;
    return { problem: `${problem}; start from a folder that holds both` };
  }
  for (const path of candidates) {
    const info = await stat(path).catch(() => null);
    if (info?.isFile()) return { path };
  }
  return { problem: `no file is at ${[...new Set(candidates)].join(' or ')}` };
}
