import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { errorCode } from '../../shared/error-code';
import { EngineError } from '../engine';
import { readConfig } from '../onnx/checkpoint/read-config';
import { gigabytes } from '../onnx/gigabytes';
import { freeDisk } from '../onnx/import/disk-space';
import { takeLock } from '../onnx/import/lock';
import { downloadFile } from './download-file';
import { HubRepo, isRepo, requireRevision } from './hub-cache';
import { type ClientOptions, HubClient } from './hub-client';
import type { HubSettings } from './hub-settings';
import type { HubFile } from './part-file';

/** What a download is doing; `done` and `total` are bytes of all files of the model. */
export type DownloadProgress =
  | { readonly phase: 'listing' }
  /** Another process downloads the same model. */
  | { readonly phase: 'waiting' }
  /** Reads what came of a file before, to go on from it. */
  | { readonly phase: 'checking'; readonly file: string }
  | { readonly phase: 'downloading'; readonly done: number; readonly total: number; readonly file: string }
  /** The hub or the line to it fails; it is tried again in a moment. */
  | { readonly phase: 'retrying'; readonly why: string };

export interface DownloadOptions {
  /** `org/name`. */
  readonly repo: string;
  /** A branch, a tag or a commit; `main` unless given. */
  readonly revision?: string;
  readonly settings: HubSettings;
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly signal: AbortSignal;
  /** For tests. */
  readonly client?: Omit<ClientOptions, 'onWaiting'>;
}

const sha1 = v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/));
const size = v.pipe(v.number(), v.integer(), v.minValue(0));
const infoSchema = v.object({
  sha: sha1,
  siblings: v.array(
    v.object({
      rfilename: v.string(),
      size: v.nullish(size),
      blobId: v.nullish(sha1),
      lfs: v.nullish(v.object({ sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)), size })),
    }),
  ),
});
type Info = v.InferOutput<typeof infoSchema>;

/**
 * Downloads a checkpoint from the hub into the cache that Hugging Face's own tools share, and gives its folder. Files that are
 * there are not downloaded again; one that was interrupted goes on where it was. What it is is checked before the weights come.
 *
 * Throws `EngineError`: `bad-request` (no such name), `bad-model` (not on the hub, or nothing that can be run), `access` (gated or
 * private), `no-space`, `unreachable`, `hung`, `server`, `cancelled`.
 */
export async function downloadModel(options: DownloadOptions): Promise<string> {
  const { repo, revision = 'main', settings, signal } = options;
  const report = options.onProgress ?? (() => undefined);
  if (!isRepo(repo)) throw new EngineError('bad-request', `"${repo}" is no name on the hub: give ORG/NAME.`);
  requireRevision(revision);
  const onWaiting = (why: string) => report({ phase: 'retrying', why });
  const client = new HubClient(settings, repo, { ...options.client, onWaiting });
  try {
    report({ phase: 'listing' });
    const at = `/api/models/${repo}/revision/${encodeURIComponent(revision)}?blobs=true`;
    const info = await client.json(at, infoSchema, signal);
    const files = filesOf(info, repo);
    const to = new HubRepo(settings.cacheDir, repo);
    await mkdir(to.blobs, { recursive: true });
    const lock = await takeLock(join(to.dir, '.vilasr.lock'), signal, () => report({ phase: 'waiting' }));
    try {
      await bringAll({ client, repo, commit: info.sha, files, to, report, signal });
    } finally {
      await lock.release();
    }
    await to.setRevision(revision, info.sha);
    return to.snapshot(info.sha);
  } catch (error) {
    throw explainDisk(error, settings.cacheDir);
  } finally {
    client.close();
  }
}

/** The files that a checkpoint is of, small ones first; what else is in the repository stays there. */
function filesOf({ siblings }: Info, repo: string): HubFile[] {
  const files = siblings.flatMap(({ rfilename: name, size, blobId, lfs }): HubFile[] => {
    const [bytes, hash] = [lfs?.size ?? size, lfs?.sha256 ?? blobId];
    const isPart = /^[A-Za-z0-9][\w.-]*\.(?:json|jinja|safetensors)$/.test(name);
    return isPart && bytes != null && hash != null ? [{ name, size: bytes, hash }] : [];
  });
  const has = (end: string) => files.some(({ name }) => name.endsWith(end));
  if (!files.some(({ name }) => name === 'config.json') || !has('.safetensors')) {
    throw new EngineError(
      'bad-model',
      `${repo} is no checkpoint that can be run: it has no config.json with weights as safetensors beside it.`,
    );
  }
  const isWeights = ({ name }: HubFile) => name.endsWith('.safetensors');
  return [...files.filter((file) => !isWeights(file)), ...files.filter(isWeights)];
}

interface Bringing {
  readonly client: HubClient;
  readonly repo: string;
  readonly commit: string;
  readonly files: readonly HubFile[];
  readonly to: HubRepo;
  readonly report: (progress: DownloadProgress) => void;
  readonly signal: AbortSignal;
}

async function bringAll({ client, repo, commit, files, to, report, signal }: Bringing): Promise<void> {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const missing: HubFile[] = [];
  let done = 0;
  let left = 0;
  for (const file of files) {
    if (await to.has(commit, file.name, file.size)) done += file.size;
    else {
      missing.push(file);
      left += file.size - (await bytesAt(join(to.blobs, file.hash), `${join(to.blobs, file.hash)}.part`));
    }
  }
  await requireDisk(to.dir, left, repo);
  let isChecked = false;
  for (const file of missing) {
    if (!isChecked && file.name.endsWith('.safetensors')) {
      await requireArchitecture(join(to.snapshot(commit), 'config.json'));
      isChecked = true;
    }
    const blob = join(to.blobs, file.hash);
    const { name } = file;
    const onBytes = (bytes: number) =>
      report({ phase: 'downloading', done: done + bytes, total, file: name });
    const onChecked = () => report({ phase: 'checking', file: name });
    const path = `/${repo}/resolve/${commit}/${encodeURIComponent(name)}`;
    // Another revision may have brought it.
    if ((await bytesAt(blob)) !== file.size)
      await downloadFile(client, path, file, blob, { onChecked, onBytes }, signal);
    await to.place(commit, name, file.hash);
    done += file.size;
    onBytes(0);
  }
}

/** Bytes of the first of these files that is there; 0 if none is. */
async function bytesAt(...paths: string[]): Promise<number> {
  for (const path of paths) {
    const info = await stat(path).catch(() => null);
    if (info !== null) return info.size;
  }
  return 0;
}

async function requireDisk(dir: string, needed: number, repo: string): Promise<void> {
  const free = await freeDisk(dir);
  if (needed <= free) return;
  throw new EngineError(
    'no-space',
    `${repo} needs ${gigabytes(needed)} more in ${dir}, where ${gigabytes(free)} are free. ` +
      'Free some space, or set HF_HOME to a folder on another disk.',
  );
}

/** Refuses a model of another architecture before its weights come. */
async function requireArchitecture(path: string): Promise<void> {
  readConfig(await readFile(path, 'utf8'), path);
}

function explainDisk(error: unknown, cacheDir: string): unknown {
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new EngineError(
      'no-space',
      `The disk of ${cacheDir} is full. Free some space, or set HF_HOME to a folder on another disk; the download goes on where it stopped.`,
    );
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR') {
    return new EngineError(
      'bad-request',
      `The cache folder ${cacheDir} cannot be written to (${code}). Set HF_HOME to a folder that can.`,
    );
  }
  return error;
}
