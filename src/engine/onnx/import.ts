import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../../shared/error-code';
import { explainWrite } from '../disk-space';
import { EngineError, type WeightFormat } from '../engine';
import { defaultCacheDir } from './cache-dir';
import type { Checkpoint } from './checkpoint';
import { buildImport } from './import/build';
import { holdersOf } from './import/hold';
import { LAYOUT_VERSION, type Layout, planLayout } from './import/layout';
import { removeImport } from './import/list-imports';
import { takeLock } from './import/lock';
import { type Found, readManifest } from './import/manifest';
import type { ImportedModel } from './imported-model';

/** What an import is doing. `done` and `total` are bytes of the checkpoint. */
export type ImportProgress =
  /** Another process imports the same model; this one waits for it. */
  | { readonly phase: 'waiting' }
  /** An import was there but is not whole: `why`. What is good of it is kept. */
  | { readonly phase: 'repairing'; readonly why: string }
  /** Checks what an interrupted import had finished. */
  | { readonly phase: 'verifying'; readonly done: number; readonly total: number }
  | { readonly phase: 'converting'; readonly done: number; readonly total: number };

export interface ImportOptions {
  readonly weights: WeightFormat;
  /** Folder of imports; `defaultCacheDir()` unless given. */
  readonly cacheDir?: string;
  readonly onProgress?: (progress: ImportProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Makes `checkpoint` ready to run: converts its weights once into a folder of the cache, and finds them there at once
 * the next time. Memory is bounded by a chunk, whatever the model's size.
 *
 * The folder appears under its name only when it is whole. An import that was cancelled or killed goes on at the first
 * tensor that it had not finished, after checking those that it had. Two processes that import the same model work one
 * after the other. An import whose files have been changed is repaired; one that a newer state of the same checkpoint
 * folder replaces is removed.
 *
 * Throws `EngineError`: `cancelled`, `no-space` (before it starts, with how much is missing), `bad-model` (weights that
 * are not finite, or change meanwhile), `bad-request` (the cache cannot be written to).
 */
export async function importCheckpoint(
  checkpoint: Checkpoint,
  options: ImportOptions,
): Promise<ImportedModel> {
  const { weights, cacheDir = defaultCacheDir(), signal } = options;
  const report = options.onProgress ?? (() => undefined);
  const layout = planLayout(checkpoint, weights);
  const dir = join(cacheDir, folderName(checkpoint, weights));
  try {
    const found = await find(dir, checkpoint);
    if (found.state === 'whole') return describe(dir, found.manifest.hash, checkpoint, layout, weights);

    await mkdir(cacheDir, { recursive: true });
    const lock = await takeLock(`${dir}.lock`, signal, () => report({ phase: 'waiting' }));
    try {
      const partial = `${dir}.partial`;
      const now = await find(dir, checkpoint);
      if (now.state === 'whole') return describe(dir, now.manifest.hash, checkpoint, layout, weights);
      if (now.state === 'damaged') {
        const holders = await holdersOf(dir);
        if (holders.length > 0) {
          throw new EngineError(
            'bad-request',
            `The import in ${dir} is damaged (${now.why}), and is not made anew while process ${holders.join(', ')} runs it. Stop that, and try again.`,
          );
        }
        report({ phase: 'repairing', why: now.why });
        await rm(partial, { recursive: true, force: true });
        await renameFolder(dir, partial);
      }
      await buildImport(partial, {
        checkpoint,
        layout,
        weights,
        signal,
        onProgress: (phase, done, total) => report({ phase, done, total }),
      });
      await publish(partial, dir);
      await removeReplaced(cacheDir, dir, checkpoint, weights);
    } finally {
      await lock.release();
    }
    const made = await find(dir, checkpoint);
    if (made.state !== 'whole')
      throw new Error(`The import in ${dir} was changed by something else as it was made.`);
    return describe(dir, made.manifest.hash, checkpoint, layout, weights);
  } catch (error) {
    throw explainWrite(error, { dir: cacheDir, variable: 'VILASR_CACHE', work: 'import' });
  }
}

/** True if `checkpoint` has been imported in this format, so that opening it takes no conversion. */
export async function isImported(
  checkpoint: Checkpoint,
  weights: WeightFormat,
  cacheDir = defaultCacheDir(),
): Promise<boolean> {
  return (await find(join(cacheDir, folderName(checkpoint, weights)), checkpoint)).state === 'whole';
}

/** Readable, and different for different contents, formats and layouts. */
function folderName({ name, fingerprint }: Checkpoint, weights: WeightFormat): string {
  const key = createHash('sha256')
    .update(`${LAYOUT_VERSION} ${weights} ${fingerprint}`)
    .digest('hex')
    .slice(0, 16);
  const readable = name.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 40);
  return `${readable}-${weights}-${key}`;
}

async function find(dir: string, checkpoint: Checkpoint): Promise<Found> {
  const found = await readManifest(dir);
  if (found.state !== 'whole' || found.manifest.fingerprint === checkpoint.fingerprint) return found;
  return { state: 'damaged', why: 'it belongs to another checkpoint' };
}

function describe(
  dir: string,
  weightsHash: string,
  checkpoint: Checkpoint,
  layout: Layout,
  weights: WeightFormat,
): ImportedModel {
  const { name, spec, tokenizer, chatTemplate, profile } = checkpoint;
  const { tensors, embedding } = layout;
  // The tokenizer may be changed without the weights, and then the import stays as it is.
  const hash = createHash('sha256').update(`${weightsHash} ${checkpoint.promptHash}`).digest('hex');
  return { dir, spec, weights, tensors, embedding, tokenizer, chatTemplate, profile, name, hash };
}

/** Gives the finished folder its name, unless a process that thought this one dead has done so before. */
async function publish(partial: string, dir: string): Promise<void> {
  const there = await stat(dir).catch(() => null);
  if (there === null) await renameFolder(partial, dir);
}

/** Windows refuses while a virus scanner looks at a file inside; a moment later it does not. */
async function renameFolder(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await rename(from, to);
    } catch (error) {
      const code = errorCode(error) ?? '';
      if (attempt === 10 || !['EPERM', 'EBUSY', 'EACCES'].includes(code)) throw error;
      await sleep(100 * attempt);
    }
  }
}

/** A folder that is trained again and again would otherwise leave an import behind each time. */
async function removeReplaced(cacheDir: string, dir: string, checkpoint: Checkpoint, weights: WeightFormat) {
  for (const entry of await readdir(cacheDir, { withFileTypes: true })) {
    const other = join(cacheDir, entry.name);
    if (!entry.isDirectory() || other === dir || entry.name.endsWith('.partial')) continue;
    const found = await readManifest(other).catch(() => null);
    if (found?.state !== 'whole') continue;
    const { source, weights: format } = found.manifest;
    // One that is in use stays until the next time.
    if (source === checkpoint.dir && format === weights)
      await removeImport({ dir: other }).catch(() => undefined);
  }
}
