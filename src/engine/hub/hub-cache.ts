import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../../shared/error-code';
import { EngineError } from '../engine';

const PART = /^[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9_])?$/;

/** Whether `text` has the form of a name on the hub, `org/name`. */
export function isRepo(text: string): boolean {
  const parts = text.split('/');
  return parts.length === 2 && parts.every((part) => PART.test(part) && !/--|\.\./.test(part));
}

/**
 * One model in a cache of the hub, as its own tools lay it out: `models--org--name/` with `blobs/HASH`, `snapshots/COMMIT/FILE`,
 * which are links to blobs, and `refs/REVISION`, which hold a commit.
 */
export class HubRepo {
  readonly dir: string;

  constructor(cacheDir: string, repo: string) {
    this.dir = join(cacheDir, `models--${repo.replace('/', '--')}`);
  }

  get blobs(): string {
    return join(this.dir, 'blobs');
  }

  snapshot(commit: string): string {
    return join(this.dir, 'snapshots', commit);
  }

  /** Whether the snapshot has that file, of that size. */
  async has(commit: string, name: string, size: number): Promise<boolean> {
    const info = await stat(join(this.snapshot(commit), name)).catch(() => null);
    return info !== null && info.size === size;
  }

  /** Puts a file into a snapshot: a link to its blob, or where links are not allowed, as on Windows, the blob itself. */
  async place(commit: string, name: string, hash: string): Promise<void> {
    const path = join(this.snapshot(commit), name);
    await mkdir(dirname(path), { recursive: true });
    await rm(path, { force: true });
    try {
      await symlink(join('..', '..', 'blobs', hash), path);
    } catch (error) {
      const code = errorCode(error);
      if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EACCES') throw error;
      await rename(join(this.blobs, hash), path);
    }
  }

  async setRevision(revision: string, commit: string): Promise<void> {
    if (revision === commit) return;
    const path = join(this.dir, 'refs', ...revision.split('/'));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, commit);
  }
}

/** Throws `EngineError` (`bad-request`) unless `revision` has the form of a branch, tag or commit. */
export function requireRevision(revision: string): void {
  if (/^[A-Za-z0-9](?:[\w./-]*[\w-])?$/.test(revision) && !/\.\.|\/\/|\/\./.test(revision)) return;
  throw new EngineError('bad-request', `"${revision}" is no revision: give a branch, a tag or a commit.`);
}

/**
 * The checkpoint folder that is meant by a folder or name: of `models--org--name` in a cache of the hub the snapshot that its
 * branch `main` names. Null if `dir` is no such folder, or has none.
 */
export function snapshotOf(dir: string): string | null {
  if (!basename(dir).startsWith('models--')) return null;
  try {
    const commit = readFileSync(join(dir, 'refs', 'main'), 'utf8').trim();
    const snapshot = join(dir, 'snapshots', commit);
    return /^[0-9a-f]{40}$/.test(commit) && existsSync(snapshot) ? snapshot : null;
  } catch {
    return null;
  }
}

/** The snapshot of `org/name` in a cache of the hub, or null if it is not there. */
export function cachedSnapshot(repo: string, cacheDir: string): string | null {
  return isRepo(repo) ? snapshotOf(new HubRepo(cacheDir, repo).dir) : null;
}
