import { join } from 'node:path';
import { type FolderContent, type TinyOptions, tinyFolder, writeFolder } from './checkpoint-folder';
import { temporaryFolder } from './temporary-folder';

/** Writes a tiny checkpoint, which `change` may spoil, into a new folder that goes with the test. */
export async function writtenFolder(
  options: TinyOptions = {},
  change: (content: FolderContent) => void = () => undefined,
): Promise<string> {
  const dir = join(await temporaryFolder(), 'tiny');
  const content = tinyFolder(options);
  change(content);
  await writeFolder(dir, content);
  return dir;
}
