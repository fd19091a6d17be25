import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { explainWrite, requireDisk } from '../disk-space';
import { EngineError } from '../engine';
import { indexSchema } from '../onnx/checkpoint/config-schema';
import { INDEX, SINGLE } from '../onnx/checkpoint/find-weights';
import { readJsonIfAny } from '../onnx/checkpoint/json';
import { readConfig } from '../onnx/checkpoint/read-config';
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
    const parts = partsOf(info, repo);
    const to = new HubRepo(settings.cacheDir, repo);
    await mkdir(to.blobs, { recursive: true });
    const lock = await takeLock(join(to.dir, '.vilasr.lock'), signal, () => report({ phase: 'waiting' }));
    try {
      const bringing = { client, repo, commit: info.sha, to, report, signal };
      await bringAll(await choose(parts, bringing), bringing);
    } finally {
      await lock.release();
    }
    await to.setRevision(revision, info.sha);
    return to.snapshot(info.sha);
  } catch (error) {
    throw explainWrite(error, { dir: settings.cacheDir, variable: 'HF_HOME', work: 'download' });
  } finally {
    client.close();
  }
}

/** The files that a checkpoint may be of; what else is in the repository stays there. */
function partsOf({ siblings }: Info, repo: string): HubFile[] {
  const files = siblings.flatMap(({ rfilename: name, size, blobId, lfs }): HubFile[] => {
    const [bytes, hash] = [lfs?.size ?? size, lfs?.sha256 ?? blobId];
    const isPart = /^[A-Za-z0-9][\w.-]*\.(?:json|jinja|safetensors)$/.test(name);
    return isPart && bytes != null && hash != null ? [{ name, size: bytes, hash }] : [];
  });
  const has = (file: string) => files.some(({ name }) => name === file);
  if (!has('config.json') || !(has(SINGLE) || has(INDEX))) {
    throw new EngineError(
      'bad-model',
      `${repo} is no checkpoint that can be run: it has no config.json with weights as safetensors beside it ` +
        `(${SINGLE}, or ${INDEX} and its files).`,
    );
  }
  return files;
}

/**
 * Of the parts those that the model is opened from, small ones first: other weights, as adapters or the same ones in another
 * layout, stay at the hub. What the index says is brought for it.
 */
async function choose(parts: readonly HubFile[], bringing: Bringing): Promise<HubFile[]> {
  const small = parts.filter(({ name }) => !isWeights(name));
  const single = parts.find(({ name }) => name === SINGLE);
  if (single !== undefined) return [...small, single];
  const { repo, commit, to, report } = bringing;
  const index = small.filter(({ name }) => name === INDEX);
  await bringAll(index, { ...bringing, report: (step) => step.phase !== 'downloading' && report(step) });
  const { weight_map } = (await readJsonIfAny(to.snapshot(commit), INDEX, indexSchema)) ?? { weight_map: {} };
  const weights = [...new Set(Object.values(weight_map))].map((name) => {
    const file = parts.find((part) => part.name === name && isWeights(name));
    if (file !== undefined) return file;
    throw new EngineError(
      'bad-model',
      `${repo} is not whole: its ${INDEX} names ${name}, which is not there.`,
    );
  });
  if (weights.length === 0)
    throw new EngineError('bad-model', `${repo} is not whole: its ${INDEX} names no weights.`);
  return [...small, ...weights];
}

const isWeights = (name: string): boolean => name.endsWith('.safetensors');

interface Bringing {
  readonly client: HubClient;
  readonly repo: string;
  readonly commit: string;
  readonly to: HubRepo;
  readonly report: (progress: DownloadProgress) => void;
  readonly signal: AbortSignal;
}

async function bringAll(files: readonly HubFile[], bringing: Bringing): Promise<void> {
  const { client, repo, commit, to, report, signal } = bringing;
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
  await requireDisk({ dir: to.dir, variable: 'HF_HOME' }, left, repo);
  let isChecked = false;
  for (const file of missing) {
    if (!isChecked && isWeights(file.name)) {
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

/** Refuses a model of another architecture before its weights come. */
async function requireArchitecture(path: string): Promise<void> {
  readConfig(await readFile(path, 'utf8'), path);
}
