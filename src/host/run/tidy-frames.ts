import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Takes away the folders in `storage`, each with the frames of one video, that are none of `inUse` (absolute paths). */
export async function tidyFrames(storage: string, inUse: ReadonlySet<string>): Promise<void> {
  const names = await readdir(storage).catch(() => []);
  const unused = names.map((name) => join(storage, name)).filter((folder) => !inUse.has(folder));
  await Promise.all(unused.map((folder) => rm(folder, { recursive: true, force: true })));
}
