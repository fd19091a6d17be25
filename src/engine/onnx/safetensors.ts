import { createHash } from 'node:crypto';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import * as v from 'valibot';
import { badModel, explainRead } from './checkpoint/bad-model';
import { countMembers } from './checkpoint/json';

/**
 * The header of one safetensors file: 8 bytes with the length of a JSON object that maps each tensor's name to its
 * number format, its shape and its bytes, counted from the end of the header.
 */
export interface SafetensorsFile {
  /** Absolute, symbolic links followed. */
  readonly path: string;
  /** Bytes of the whole file. */
  readonly size: number;
  /** Nanoseconds; changes when the file is written. */
  readonly modified: bigint;
  /** SHA-256 (hex) of the header and of 16 samples of 4 KB of the data: tells files apart whose times say nothing. */
  readonly signature: string;
  readonly tensors: ReadonlyMap<string, SafetensorsEntry>;
}

/** One tensor of a file. `offset` and `length` are bytes, `offset` from the start of the file. */
export interface SafetensorsEntry {
  /** As written: `F32`, `BF16`, `F16`, `F8_E4M3`, … */
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly length: number;
}

/** The format's own limit on a header, in bytes. */
const MAX_HEADER = 100_000_000;

const SAMPLES = 16;
const SAMPLE = 4096;

/** Bits of an element, of every number format that the format names. */
const BITS: Readonly<Record<string, number>> = {
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  BOOL: 8,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  C64: 64,
  F64: 64,
  I64: 64,
  U64: 64,
};

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const entrySchema = v.object({
  dtype: v.string(),
  shape: v.array(count),
  data_offsets: v.tuple([count, count]),
});

/**
 * Reads and checks the header of `path`: every tensor's bytes as long as its shape says, one after the other without
 * gap, overlap or rest. Of the data it reads a few samples only, so a file of gigabytes takes no longer. Throws
 * `EngineError` (`bad-model`) that names the file and what is wrong in it.
 */
export async function readSafetensors(path: string): Promise<SafetensorsFile> {
  let file: FileHandle | undefined;
  try {
    const real = await realpath(path);
    file = await open(real, 'r');
    const { size, mtimeNs } = await file.stat({ bigint: true });
    const header = await readHeader(file, real, Number(size));
    const tensors = parseHeader(header, 8 + header.length, Number(size), real);
    const signature = await sign(file, header, Number(size), real);
    return { path: real, size: Number(size), modified: mtimeNs, signature, tensors };
  } catch (error) {
    throw explainRead(error, path);
  } finally {
    await file?.close();
  }
}

async function readHeader(file: FileHandle, path: string, size: number): Promise<Buffer> {
  if (size < 8) throw badModel(path, `is ${size} bytes long, too short to be a safetensors file`);
  const prefix = Buffer.alloc(8);
  await readFully(file, prefix, 0, path);
  if (prefix.toString('latin1') === 'version ') {
    throw badModel(path, 'is a Git LFS pointer, not the weights; run "git lfs pull" in its folder');
  }
  const length = prefix.readBigUInt64LE();
  if (length > MAX_HEADER) {
    throw badModel(path, `is not a safetensors file: its header would be ${length} bytes long`);
  }
  if (8 + Number(length) > size) {
    throw badModel(
      path,
      `is cut short inside its header (${size} bytes of at least ${8n + length}); copy it again`,
    );
  }
  const header = Buffer.alloc(Number(length));
  await readFully(file, header, 8, path);
  return header;
}

async function sign(file: FileHandle, header: Buffer, size: number, path: string): Promise<string> {
  const hash = createHash('sha256').update(header);
  const data = 8 + header.length;
  const sample = Buffer.alloc(Math.min(SAMPLE, size - data));
  const last = size - sample.length;
  const places = Array.from(
    { length: SAMPLES },
    (_, i) => data + Math.floor(((last - data) * i) / (SAMPLES - 1)),
  );
  for (const place of new Set(places)) {
    await readFully(file, sample, place, path);
    hash.update(sample);
  }
  return hash.digest('hex');
}

/** Fills `buffer` from `position`, or throws that the file is shorter than it said. */
export async function readFully(
  file: FileHandle,
  buffer: Uint8Array,
  position: number,
  path: string,
): Promise<void> {
  let done = 0;
  while (done < buffer.length) {
    const { bytesRead } = await file.read(buffer, done, buffer.length - done, position + done);
    if (bytesRead === 0) throw badModel(path, `ends at byte ${position + done}; copy it again`);
    done += bytesRead;
  }
}

function parseHeader(
  header: Buffer,
  data: number,
  size: number,
  path: string,
): Map<string, SafetensorsEntry> {
  let text: string;
  let parsed: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(header);
    parsed = JSON.parse(text);
  } catch (error) {
    throw badModel(path, `has a header that is not JSON (${error instanceof Error ? error.message : error})`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw badModel(path, 'has a header that is not a JSON object');
  }
  const members = Object.entries(parsed);
  if (countMembers(text) !== members.length) throw badModel(path, 'names a tensor twice in its header');

  const tensors = new Map<string, SafetensorsEntry>();
  for (const [name, value] of members) {
    if (name !== '__metadata__') tensors.set(name, readEntry(name, value, data, path));
  }
  checkLayout(tensors, data, size, path);
  return tensors;
}

function readEntry(name: string, value: unknown, data: number, path: string): SafetensorsEntry {
  const entry = v.safeParse(entrySchema, value);
  if (!entry.success) {
    const issue = entry.issues[0];
    throw badModel(
      path,
      `describes tensor ${name} wrongly: ${v.getDotPath(issue) ?? 'entry'}: ${issue.message}`,
    );
  }
  const { dtype, shape, data_offsets } = entry.output;
  const [begin, end] = data_offsets;
  const bits = Object.hasOwn(BITS, dtype) ? BITS[dtype] : undefined;
  if (bits === undefined)
    throw badModel(path, `stores tensor ${name} in an unknown number format (${dtype})`);
  const expected = (shape.reduce((product, side) => product * side, 1) * bits) / 8;
  if (end - begin !== expected) {
    throw badModel(
      path,
      `gives tensor ${name} ${end - begin} bytes, but its shape [${shape.join(', ')}] in ${dtype} takes ${expected}`,
    );
  }
  return { dtype, shape, offset: data + begin, length: end - begin };
}

/** The format leaves no byte out and none shared. */
function checkLayout(tensors: Map<string, SafetensorsEntry>, data: number, size: number, path: string): void {
  let position = data;
  let previous = '';
  const inOrder = [...tensors].sort(([, a], [, b]) => a.offset - b.offset || a.length - b.length);
  for (const [name, entry] of inOrder) {
    if (entry.offset < position) throw badModel(path, `lays tensor ${name} over tensor ${previous}`);
    if (entry.offset > position) throw badModel(path, `leaves a gap before tensor ${name}`);
    position += entry.length;
    previous = name;
  }
  if (position > size) {
    throw badModel(path, `is cut short: ${size} bytes of ${position}; copy it again`);
  }
  if (position < size) throw badModel(path, `has ${size - position} bytes after its last tensor`);
}
