import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { errorCode } from '../../../shared/error-code';
import { WEIGHT_FORMATS } from '../../engine';

/** Name of the file that makes a folder an import. */
export const MANIFEST = 'manifest.json';

const bodySchema = v.object({
  format: v.literal('vilasr.import/1'),
  /** Checkpoint folder that it was made from, for people and for finding what a newer import replaces. */
  source: v.string(),
  fingerprint: v.string(),
  weights: v.picklist(WEIGHT_FORMATS),
  /** SHA-256 (hex) over the config and the contents of every weight. */
  hash: v.string(),
  files: v.array(
    v.object({
      name: v.string(),
      size: v.pipe(v.number(), v.integer()),
      /** Nanoseconds, in decimal. */
      modified: v.string(),
    }),
  ),
});
const manifestSchema = v.object({ body: bodySchema, sha256: v.string() });

/** The last file that an import writes: says that it is whole, and what its data files look like from outside. */
export type Manifest = v.InferOutput<typeof bodySchema>;

/** What an import folder is found to be. */
export type Found =
  | { readonly state: 'whole'; readonly manifest: Manifest }
  | { readonly state: 'absent' }
  | { readonly state: 'damaged'; readonly why: string };

/**
 * Reads the manifest in `dir` and compares size and time of the data files with it: instant, however big they are. A
 * file of another size or time makes the import `damaged`; its contents are checked when it is repaired.
 */
export async function readManifest(dir: string): Promise<Found> {
  let text: string;
  try {
    text = await readFile(join(dir, MANIFEST), 'utf8');
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    const there = await stat(dir).catch(() => null);
    return there === null ? { state: 'absent' } : { state: 'damaged', why: `${MANIFEST} is missing` };
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), manifestSchema), text);
  if (!parsed.success) return { state: 'damaged', why: `${MANIFEST} is not readable` };
  const { body, sha256 } = parsed.output;
  if (sha256 !== digest(body)) return { state: 'damaged', why: `${MANIFEST} was changed` };
  for (const file of body.files) {
    const now = await stat(join(dir, file.name), { bigint: true }).catch(() => null);
    if (now === null) return { state: 'damaged', why: `${file.name} is missing` };
    if (Number(now.size) !== file.size) return { state: 'damaged', why: `${file.name} has another size` };
    if (String(now.mtimeNs) !== file.modified)
      return { state: 'damaged', why: `${file.name} was written to` };
  }
  return { state: 'whole', manifest: body };
}

/** Writes the manifest of the import in `dir`, whose data files are finished. */
export async function writeManifest(
  dir: string,
  body: Omit<Manifest, 'files' | 'format'>,
  names: Iterable<string>,
) {
  const files = [];
  for (const name of names) {
    const { size, mtimeNs } = await stat(join(dir, name), { bigint: true });
    files.push({ name, size: Number(size), modified: String(mtimeNs) });
  }
  const manifest: Manifest = { format: 'vilasr.import/1', ...body, files };
  const text = JSON.stringify({ body: manifest, sha256: digest(manifest) }, null, 1);
  await writeFile(join(dir, MANIFEST), text, { flush: true });
}

const digest = (body: Manifest): string => createHash('sha256').update(JSON.stringify(body)).digest('hex');
