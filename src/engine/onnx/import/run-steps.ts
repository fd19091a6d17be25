import { writeSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { badModel } from '../checkpoint/bad-model';
import { readFully } from '../safetensors';
import type { StepRecord } from './journal';
import { openBench, ROWS, type Rows, type Slot } from './kernel';
import type { Step } from './layout';
import { stopIfAborted } from './stop';
import { BYTES } from './to-float32';

/**
 * Bytes of the checkpoint converted at a time: few enough to lie in a core's cache from when they are read until they are
 * written, and for a cancel or the event loop to wait for them.
 */
const PIECE = 1 << 20;
/** Bytes written after which the disk is made to take them, while more are converted: it has little left to do at the end. */
const FLUSH = 16 << 20;
/** Pieces that are read while another is converted. */
const AHEAD = 2;

/** Where steps read and write, and whom they tell. */
export interface StepsContext {
  /** The open shard of that path. */
  readonly source: (file: string) => FileHandle;
  /** The open data file of that name. */
  readonly target: (file: string) => FileHandle;
  /** Called after each piece with the bytes of the checkpoint that it took. */
  readonly onBytes: (bytes: number) => void;
  /** Called when a step's bytes are written, in the order of the steps. */
  readonly onDone: (record: StepRecord) => void;
  readonly signal: AbortSignal | undefined;
}

/** Some rows of a step's tensor. */
interface Piece extends Rows {
  readonly step: Step;
  /** The first of its rows. */
  readonly row: number;
}

/** A piece that was read into a slot. */
interface Loaded extends Piece {
  readonly slot: Slot;
}

/**
 * Converts tensors one after the other, piece by piece; the next pieces are read meanwhile. What a piece becomes is written at
 * once: it is a copy to memory, which takes less time than to have another thread do it. Throws `EngineError` on cancel or
 * numbers that the format cannot hold; the steps before are done with then.
 */
export async function runSteps(steps: readonly Step[], context: StepsContext): Promise<void> {
  const all = steps.map((step) => [largestPiece(step), step] as const);
  const { slots, checksums } = openBench(AHEAD + 1, all);
  const pieces = piecesOf(steps);
  const reading: Promise<Loaded>[] = [];
  const readInto = (slot: Slot | undefined): void => {
    const { value: piece } = pieces.next();
    if (piece && slot) reading.push(heard(read(piece, slot, context)));
  };
  const flusher = newFlusher(steps, context);
  for (const slot of slots) readInto(slot);
  try {
    for (let next = reading.shift(); next !== undefined; next = reading.shift()) {
      stopIfAborted(context.signal);
      const piece = await next;
      const { step, row, rows, slot } = piece;
      if (row === 0) checksums.restart();
      const converted = slot.convert(piece, step);
      if ('refused' in converted) {
        const { name, source } = step.source;
        throw badModel(source.file, `holds ${converted.refused} in tensor ${name}, from row ${row} on`);
      }
      write(piece, converted.pieces, context);
      flusher.wrote(converted.pieces);
      readInto(slot);
      if (row + rows === step.rows) {
        const stored = step.stored.map((_, range) => checksums.stored(range));
        context.onDone({ step: step.name, source: checksums.source, stored });
      }
      context.onBytes(rows * piece.width * BYTES[piece.format]);
    }
    await flusher.end();
  } finally {
    await Promise.allSettled(reading);
    await flusher.settled();
  }
}

/** Has the disk take what is written, time and again. That it has all is for the caller to wait for. */
function newFlusher(steps: readonly Step[], { target }: StepsContext) {
  const files = new Set(steps.flatMap(({ stored }) => stored.map(({ file }) => file)));
  let flushing: Promise<unknown> | null = null;
  /** A disk tells of a write that failed but once. */
  const failures: unknown[] = [];
  const rethrow = () => {
    if (failures.length > 0) throw failures[0];
  };
  let bytes = 0;
  return {
    wrote(pieces: readonly Uint8Array[]): void {
      rethrow();
      for (const { length } of pieces) bytes += length;
      if (bytes < FLUSH || flushing !== null) return;
      bytes = 0;
      flushing = Promise.allSettled([...files].map((file) => target(file).datasync())).then((all) => {
        for (const one of all) if (one.status === 'rejected') failures.push(one.reason);
        flushing = null;
      });
    },
    settled: async () => {
      await flushing;
    },
    end: async () => {
      await flushing;
      rethrow();
    },
  };
}

/** The promise itself: it may fail before it is waited for. */
function heard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

function* piecesOf(steps: readonly Step[]): Generator<Piece, undefined> {
  for (const step of steps) {
    const { rows: atOnce, width, format } = largestPiece(step);
    for (let row = 0; row < step.rows; row += atOnce)
      yield { step, row, rows: Math.min(atOnce, step.rows - row), width, format };
  }
}

function largestPiece({ rows, width, source: { format } }: Step): Rows {
  const atOnce = ROWS * Math.max(1, Math.floor(PIECE / (ROWS * width * BYTES[format])));
  return { rows: Math.min(rows, atOnce), width, format };
}

async function read(piece: Piece, slot: Slot, { source }: StepsContext): Promise<Loaded> {
  const { file, offset } = piece.step.source.source;
  const position = offset + piece.row * piece.width * BYTES[piece.format];
  await readFully(source(file), slot.source(piece), position, file);
  return { ...piece, slot };
}

function write({ step, row }: Piece, pieces: readonly Uint8Array[], { target }: StepsContext): void {
  for (const [i, { file, offset, length }] of step.stored.entries())
    writeFully(target(file), pieces[i] ?? new Uint8Array(), offset + (row * length) / step.rows);
}

function writeFully({ fd }: FileHandle, bytes: Uint8Array, position: number): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(fd, bytes, done, bytes.length - done, position + done);
}
