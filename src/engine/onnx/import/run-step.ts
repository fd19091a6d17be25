import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { EngineError } from '../../engine';
import { badModel } from '../checkpoint/bad-model';
import { readFully } from '../safetensors';
import type { StepRecord } from './journal';
import type { Step } from './layout';
import { blocksIn, codeBytes, quantiseRows } from './quantise';
import { toFloat16 } from './to-float16';
import { allFinite, BYTES, toFloat32 } from './to-float32';

/** Bytes of the checkpoint converted at a time: bounds memory, and how long a cancel or the event loop waits. */
const CHUNK = 8 << 20;

/** Where a step reads and writes, and whom it tells. */
export interface StepContext {
  readonly source: FileHandle;
  /** The open data file of that name. */
  readonly target: (file: string) => FileHandle;
  /** Called after each chunk with the bytes of the checkpoint that it took. */
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal | undefined;
}

/**
 * Converts one tensor, chunk by chunk; the next chunk is read and the one before is written meanwhile. Throws `EngineError`
 * on cancel or numbers that the format cannot hold.
 */
export async function runStep(step: Step, context: StepContext): Promise<StepRecord> {
  const { source, format } = step.source;
  const rowBytes = step.width * BYTES[format];
  const rowsAtOnce = Math.min(step.rows, Math.max(1, Math.floor(CHUNK / rowBytes)));
  const buffers = [0, 1].map(() => new Uint8Array(rowsAtOnce * rowBytes));
  let sourceCrc = 0;
  const storedCrcs = step.stored.map(() => 0);

  const read = async (row: number, buffer: Uint8Array): Promise<Uint8Array> => {
    const bytes = buffer.subarray(0, Math.min(rowsAtOnce, step.rows - row) * rowBytes);
    await readFully(context.source, bytes, source.offset + row * rowBytes, source.file);
    return bytes;
  };
  const write = async (row: number, pieces: readonly Uint8Array[]): Promise<void> => {
    for (const [i, { file, offset, length }] of step.stored.entries()) {
      const piece = pieces[i] ?? new Uint8Array();
      await writeFully(context.target(file), piece, offset + (row * length) / step.rows);
    }
  };
  let [reading, writing] = [heard(read(0, buffers[0] ?? new Uint8Array())), Promise.resolve()];
  try {
    for (let row = 0, turn = 0; row < step.rows; row += rowsAtOnce, turn++) {
      stopIfAborted(context.signal);
      const bytes = await reading;
      // What is copied is written from the buffer that is read into next.
      if (step.kind === 'copy') await writing;
      const next = row + rowsAtOnce;
      if (next < step.rows) reading = heard(read(next, buffers[(turn + 1) % 2] ?? new Uint8Array()));
      sourceCrc = crc32(bytes, sourceCrc);
      const pieces = convert(step, bytes, row);
      for (const [i, piece] of pieces.entries()) storedCrcs[i] = crc32(piece, storedCrcs[i]);
      await writing;
      writing = heard(write(row, pieces));
      context.onBytes(bytes.length);
    }
  } finally {
    await Promise.allSettled([reading, writing]);
  }
  await writing;
  return { step: step.name, source: sourceCrc, stored: storedCrcs };
}

/** The promise itself: it may fail before it is waited for. */
function heard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** What the rows in `bytes`, from `row` on, become: one piece for each of the step's ranges. */
function convert(step: Step, bytes: Uint8Array, row: number): Uint8Array[] {
  if (step.kind === 'copy') return [bytes];
  const { source, format, name } = step.source;
  const refuse = (what: string) =>
    badModel(source.file, `holds ${what} in tensor ${name}, from row ${row} on`);
  const values = toFloat32(bytes, format);
  if (step.kind === 'codes') {
    const rows = values.length / step.width;
    const blocks = rows * blocksIn(step.width);
    const codes = new Uint8Array(blocks * codeBytes(step.bits));
    const scales = new Float32Array(blocks);
    if (!quantiseRows(values, rows, step.width, step.bits, codes, scales)) throw refuse(NOT_FINITE);
    return [codes, asBytes(scales)];
  }
  if (!allFinite(values)) throw refuse(NOT_FINITE);
  // Float32 numbers share their memory with the buffer, which is read into while these are written.
  if (step.kind === 'float32') return [asBytes(format === 'float32' ? values.slice() : values)];
  const halves = toFloat16(values);
  if (halves === null) throw refuse('numbers too large for fp16 (use int8 or fp32)');
  return [asBytes(halves)];
}

const NOT_FINITE = 'infinite or undefined numbers';

const asBytes = (values: Float32Array | Uint16Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

async function writeFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** True if the bytes in the data files are those that `record` was made from. */
export async function verifyStep(
  step: Step,
  record: StepRecord,
  context: Pick<StepContext, 'target' | 'signal'>,
) {
  for (const [i, range] of step.stored.entries()) {
    const file = context.target(range.file);
    const { size } = await file.stat();
    if (range.offset + range.length > size) return false;
    let crc = 0;
    const buffer = new Uint8Array(Math.min(CHUNK, range.length));
    for (let done = 0; done < range.length; done += buffer.length) {
      stopIfAborted(context.signal);
      const bytes = buffer.subarray(0, Math.min(buffer.length, range.length - done));
      await readFully(file, bytes, range.offset + done, range.file);
      crc = crc32(bytes, crc);
    }
    if (crc !== record.stored[i]) return false;
  }
  return true;
}

/** Throws the error that a cancelled import ends with. */
export function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw new EngineError(
      'cancelled',
      'The import was cancelled; it goes on where it stopped when it is started again.',
    );
  }
}
