import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { errorCode } from '../../shared/error-code';
import { DataError, systemReason } from '../data-error';
import type { Overlay } from '../overlay/overlay';
import { OverlayFile } from '../overlay/overlay-file';
import type { OverlayRecord } from './manifest';

/** The edits of the data file at `path`, and what a manifest says of them; null if nobody has edited it. Throws `DataError`. */
export async function readOverlay(
  path: string,
): Promise<{ readonly overlay: Overlay; readonly record: OverlayRecord | null }> {
  const file = await OverlayFile.of(path);
  const { overlay } = file;
  const content = await readFile(file.path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return null;
    throw new DataError(`Cannot read ${file.path}: ${systemReason(error)}.`);
  });
  if (content === null) return { overlay, record: null };
  const sha256 = createHash('sha256').update(content).digest('hex');
  const problems = file.findings.map(({ message }) => message);
  return { overlay, record: { file: basename(file.path), sha256, events: overlay.size, problems } };
}
