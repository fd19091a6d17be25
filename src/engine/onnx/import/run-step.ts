import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { EngineError } from '../../engine';
import { badModel } from '../checkpoint/bad-model';
import { readFully } from '../safetensors';
import type { StepRecord } from './journal';
import type { Step } from './layout';
import { BLOCK, blocksIn, quantiseRows } from './quantise';
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

/** Converts one tensor, chunk by chunk. Throws `EngineError` on cancel or numbers that are not finite. */
export async function runStep(step: Step, context: StepContext): Promise<StepRecord> {
  const { source, format, name } = step.source;
  const rowBytes = step.width * BYTES[format];
  const rowsAtOnce = Math.min(step.rows, Math.max(1, Math.floor(CHUNK / rowBytes)));
  const buffer = new Uint8Array(rowsAtOnce * rowBytes);
  let sourceCrc = 0;
  const storedCrcs = step.stored.map(() => 0);

  for (let row = 0; row < step.rows; row += rowsAtOnce) {
    stopIfAborted(context.signal);
    const rows = Math.min(rowsAtOnce, step.rows - row);
    const bytes = buffer.subarray(0, rows * rowBytes);
    await readFully(context.source, bytes, source.offset + row * rowBytes, source.file);
    sourceCrc = crc32(bytes, sourceCrc);
    const pieces = convert(step, bytes, rows);
    if (pieces === null) {
      throw badModel(
        source.file,
        `holds infinite or undefined numbers in tensor ${name}, from row ${row} on`,
      );
    }
    for (const [i, range] of step.stored.entries()) {
      const piece = pieces[i] ?? new Uint8Array();
      storedCrcs[i] = crc32(piece, storedCrcs[i]);
      await writeFully(context.target(range.file), piece, range.offset + (row * range.length) / step.rows);
    }
    context.onBytes(bytes.length);
  }
  return { step: step.name, source: sourceCrc, stored: storedCrcs };
}

/** What `rows` rows become, one piece for each of the step's ranges; null if a number is not finite. */
function convert(step: Step, bytes: Uint8Array, rows: number): Uint8Array[] | null {
  if (step.kind === 'copy') return [bytes];
  const values = toFloat32(bytes, step.source.format);
  if (!allFinite(values)) return null;
  if (step.kind === 'float32') return [asBytes(values)];
  const blocks = rows * blocksIn(step.width);
  const codes = new Uint8Array(blocks * BLOCK);
  const scales = new Float32Array(blocks);
  quantiseRows(values, rows, step.width, codes, scales);
  return [codes, asBytes(scales)];
}

const asBytes = (values: Float32Array): Uint8Array =>
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
