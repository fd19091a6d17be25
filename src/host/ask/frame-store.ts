import { readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What is younger may be about to be asked about, in another window too. In milliseconds. */
const YOUNG = 24 * 3_600_000;

/** The frames that were taken of videos: a folder for each video. */
export class FrameStore {
  private readonly handedOut = new Set<string>();

  /** @param path absolute path of the folder that they all lie in. */
  constructor(readonly path: string) {}

  /** Keeps the folder of these frames as long as this session: somebody is about to ask about them, or does so again. */
  handOut(files: readonly string[]): void {
    for (const file of files) this.handedOut.add(dirname(file));
  }

  /** Takes away the folders that are none of `inUse` (absolute paths), were not handed out, and are a day old. */
  async tidy(inUse: ReadonlySet<string>): Promise<void> {
    const names = await readdir(this.path).catch(() => []);
    const unused = names
      .map((name) => join(this.path, name))
      .filter((folder) => !inUse.has(folder) && !this.handedOut.has(folder));
    await Promise.all(unused.map((folder) => removeOld(folder)));
  }
}

async function removeOld(folder: string): Promise<void> {
  const info = await stat(folder).catch(() => null);
  if (info === null || Date.now() - info.mtimeMs < YOUNG) return;
  await rm(folder, { recursive: true, force: true });
}
