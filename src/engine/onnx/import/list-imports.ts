import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { errorCode } from '../../../shared/error-code';
import { tryLock } from '../../../shared/lock';
import { folderBytes } from '../../disk-space';
import { EngineError, WEIGHT_FORMATS, type WeightFormat } from '../../engine';
import { checkpointName } from '../checkpoint/checkpoint-name';
import { holdersOf } from './hold';
import { MANIFEST, readManifest } from './manifest';

/** An import that lies in the cache. */
export interface StoredImport {
  /** Absolute path of its folder. */
  readonly dir: string;
  /** The checkpoint's name, for people. */
  readonly name: string;
  /** `partial` goes on where it was stopped; `damaged` is repaired when the model is opened next. */
  readonly state: 'whole' | 'partial' | 'damaged';
  readonly weights: WeightFormat;
  /** Folder of the checkpoint that it was made from; null where nothing tells. */
  readonly source: string | null;
  /** Bytes on disk. */
  readonly bytes: number;
}

const PARTIAL = '.partial';

/** The imports in the folder of imports, by name and format. */
export async function listImports(cacheDir: string): Promise<StoredImport[]> {
  const entries = await readdir(cacheDir, { withFileTypes: true }).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  const found = entries.filter((entry) => entry.isDirectory()).map(({ name }) => look(join(cacheDir, name)));
  return (await Promise.all(found))
    .flatMap((one) => one ?? [])
    .sort((a, b) => a.name.localeCompare(b.name) || a.dir.localeCompare(b.dir));
}

/** Null for a folder that is no import. */
async function look(dir: string): Promise<StoredImport | null> {
  const folder = basename(dir);
  const [, name, format] = /^(.+)-([a-z0-9]+)-[0-9a-f]{16}(?:\.partial)?$/.exec(folder) ?? [];
  const weights = WEIGHT_FORMATS.find((one) => one === format);
  if (name === undefined || weights === undefined) return null;
  const known = { dir, weights, bytes: await folderBytes(dir) };
  const found = await readManifest(dir).catch(() => ({ state: 'damaged' as const }));
  if (!folder.endsWith(PARTIAL) && found.state === 'whole') {
    const { source } = found.manifest;
    return { ...known, name: checkpointName(source), state: 'whole', source };
  }
  return { ...known, name, state: folder.endsWith(PARTIAL) ? 'partial' : 'damaged', source: null };
}

/**
 * Takes an import off the disk. Its checkpoint stays, and the next run imports it anew. Throws `EngineError` (`bad-request`)
 * while a process is importing it, or runs it.
 */
export async function removeImport({ dir }: Pick<StoredImport, 'dir'>): Promise<void> {
  const whole = dir.endsWith(PARTIAL) ? dir.slice(0, -PARTIAL.length) : dir;
  const lock = await tryLock(`${whole}.lock`);
  if (lock === null) {
    throw new EngineError('bad-request', `${dir} is being imported just now. Cancel that first.`);
  }
  try {
    const [holder, ...more] = await holdersOf(whole);
    if (holder !== undefined) {
      const who = more.length === 0 ? `process ${holder}` : `the processes ${[holder, ...more].join(', ')}`;
      throw new EngineError(
        'bad-request',
        `${dir} is not removed: its model runs in ${who}. Unload it, or end what runs there, first.`,
      );
    }
    // First of all what makes it an import: one that is half removed is never taken for whole.
    await rm(join(dir, MANIFEST), { force: true });
    await rm(dir, { recursive: true, force: true });
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'EBUSY' && code !== 'EPERM' && code !== 'EACCES') throw error;
    throw new EngineError(
      'bad-request',
      `${dir} is in use (${code}). Unload the model in all windows first.`,
    );
  } finally {
    await lock.release();
  }
}
