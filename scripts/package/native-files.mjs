/** Checks that a folder's native files are all of one system: by their heads, not by their names. */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join, relative } from 'node:path';
import { SetupError } from '../setup.mjs';

/** Enough for the heads of all three formats; a PE file's begins where the old DOS program before it ends. */
const HEAD_BYTES = 4096;

/**
 * Paths, relative to `folder`, of the native files in it. Throws `SetupError` if one is of another system than `target`,
 * or if one of `wanted` (patterns for such paths) is not there.
 */
export function checkNativeFiles(folder, target, wanted) {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .flatMap((path) => {
      const kind = kindOf(path);
      return kind === null ? [] : [{ path: relative(folder, path).replaceAll('\\', '/'), ...kind }];
    });
  const foreign = found.filter(
    ({ format, machine }) => format !== target.format || machine !== target.machine,
  );
  if (foreign.length > 0) {
    const list = foreign.map(({ path, format, machine }) => `  ${path} (${format}, machine ${machine})`);
    throw new SetupError(`Native files that are not for ${target.name}:\n${list.join('\n')}`);
  }
  for (const pattern of wanted) {
    if (found.some(({ path }) => pattern.test(path))) continue;
    throw new SetupError(`No native file for ${target.name} matches ${pattern}.`);
  }
  return found.map(({ path }) => path);
}

/** What system a file's code is for; null if it is no native file. */
function kindOf(path) {
  const head = Buffer.alloc(HEAD_BYTES);
  const file = openSync(path, 'r');
  const length = readSync(file, head, 0, HEAD_BYTES, 0);
  closeSync(file);
  if (length < 64) return null;
  if (head.readUInt32BE(0) === 0x7f454c46) return { format: 'ELF', machine: head.readUInt16LE(18) };
  if (head.readUInt32LE(0) === 0xfeedfacf) return { format: 'Mach-O', machine: head.readUInt32LE(4) };
  if (head.toString('latin1', 0, 2) !== 'MZ') return null;
  const start = head.readUInt32LE(60);
  const isPe = start + 6 <= length && head.toString('latin1', start, start + 4) === 'PE\0\0';
  return isPe ? { format: 'PE', machine: head.readUInt16LE(start + 4) } : null;
}
