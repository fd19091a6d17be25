import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openCheckpoint } from '../../src/engine/onnx/checkpoint';
import type { ImportProgress } from '../../src/engine/onnx/import';
import { type TinyOptions, tinyFolder, writeFolder } from './checkpoint-folder';
import { temporaryFolder } from './temporary-folder';

/** A folder with an opened tiny checkpoint, and the path of a cache that is not there yet. */
export async function tinyCheckpoint(options: TinyOptions = {}) {
  const root = await temporaryFolder();
  const dir = join(root, 'tiny');
  await writeFolder(dir, tinyFolder(options));
  return { dir, cacheDir: join(root, 'cache'), checkpoint: await openCheckpoint(dir) };
}

/** The data files of the import in `dir`; the manifest tells the time, so two of them differ. */
export async function dataFiles(dir: string): Promise<Record<string, string>> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.bin')).sort();
  const read = names.map(async (name) => [name, (await readFile(join(dir, name))).toString('latin1')]);
  return Object.fromEntries(await Promise.all(read));
}

/** Keeps what an import reports. */
export function progressRecorder() {
  const seen: ImportProgress[] = [];
  return { seen, onProgress: (progress: ImportProgress) => void seen.push(progress) };
}
