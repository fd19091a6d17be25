import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseQuestionRows } from '../../dataset/question-rows';
import { readTextFile } from '../../dataset/read-text';
import type { Question } from '../../reason/question';

/** A question that the bundled model can answer, about a picture that comes with it. */
export interface Sample {
  readonly question: Question;
  /** Absolute path. */
  readonly file: string;
  readonly sha256: string;
}

/** The samples in `folder`, which holds `questions.jsonl` and its pictures. Throws `DataError`. */
export async function readSamples(folder: string): Promise<Sample[]> {
  const { rows } = parseQuestionRows(
    await readTextFile(join(folder, 'questions.jsonl'), 'The question file'),
  );
  const samples = rows.map(async ({ question, imagePaths }) => {
    const file = join(folder, imagePaths[0] ?? '');
    return { question, file, sha256: await hashOf(file) };
  });
  return Promise.all(samples);
}

/** No sample is larger, so that no larger file needs to be read to see that it is none. */
const MOST_BYTES = 1 << 20;

/** The samples whose picture this file is, wherever it lies. */
export async function samplesOf(file: string, samples: readonly Sample[]): Promise<Sample[]> {
  const info = await stat(file).catch(() => null);
  if (info === null || !info.isFile() || info.size > MOST_BYTES) return [];
  const sha256 = await hashOf(file);
  return samples.filter((sample) => sample.sha256 === sha256);
}

async function hashOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}
