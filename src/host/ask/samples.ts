import { createHash, randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
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

/**
 * The samples that come with the extension, from a copy in `storage`: the extension's own folder goes when it is updated, and
 * runs about its samples would lose their pictures. From where they came if nothing can be copied. Throws `DataError`.
 *
 * @param version names the copy: the samples of another version may be others.
 */
export async function keepSamples(media: string, storage: string, version: string): Promise<Sample[]> {
  const folder = join(storage, version);
  try {
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(media)) await copyOnce(join(media, name), join(folder, name));
  } catch {
    return readSamples(media);
  }
  return readSamples(folder);
}

/** Whole or not at all, also where another window does the same. */
async function copyOnce(from: string, to: string): Promise<void> {
  if ((await stat(to).catch(() => null)) !== null) return;
  const partial = `${to}.${randomUUID()}.partial`;
  await copyFile(from, partial);
  await rename(partial, to);
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
