import { access, type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../shared/error-code';
import { type Lock, tryLock } from '../shared/lock';
import { isUnfinishedJson } from '../trace/json-place';
import { type Run, TRACE_FORMAT, type Trace } from '../trace/trace';
import { readTrace, writeTrace } from '../trace/trace-line';
import { DataError, systemReason } from './data-error';

const LINE_FEED = 0x0a;
const PIECE = 1 << 16;

/**
 * Opens a trace file to append to, makes it and its folder if need be. A last line that was cut short as it was written
 * is taken away, one that only lacks its line feed gets it. A file that ends with anything else, a whole line that is no
 * trace too, is not ours to touch, and refused. So is one that another process has open to append to: until it is closed
 * a lock file lies beside it.
 */
export async function openTraceFile(path: string): Promise<TraceFile> {
  try {
    await mkdir(dirname(path), { recursive: true });
    const lock = await tryLock(lockOf(path));
    if (lock === null) {
      throw new DataError(
        `Another vilasr is writing to ${path}, and holds ${lockOf(path)}. Wait until it has ended, or choose another file.`,
      );
    }
    return await openLocked(path, lock).catch(async (error: unknown) => {
      await lock.release();
      throw error;
    });
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(`Cannot write to ${path}: ${systemReason(error)}.`);
  }
}

const lockOf = (path: string): string => `${path}.lock`;

async function openLocked(path: string, lock: Lock): Promise<TraceFile> {
  const isNew = await access(path).then(
    () => false,
    () => true,
  );
  const file = await open(path, 'a+');
  try {
    await healEnd(file, path);
  } catch (error) {
    await file.close();
    throw error;
  }
  return new TraceFile(path, file, lock, isNew);
}

/** A `*.traces.jsonl` file that traces are appended to. */
export class TraceFile {
  constructor(
    readonly path: string,
    private readonly file: FileHandle,
    private readonly lock: Lock,
    /** Whether it is of no use to anybody yet. */
    private isBlank: boolean,
  ) {}

  /** Appends one line and has the system put it on disk before it returns. Throws `DataError`. */
  async append(trace: Trace): Promise<void> {
    try {
      await this.requireLock();
      await this.file.appendFile(`${writeTrace(trace)}\n`);
      await this.file.datasync();
      this.isBlank = false;
    } catch (error) {
      if (error instanceof DataError) throw error;
      throw new DataError(`Cannot write to ${this.path}: ${systemReason(error)}.`);
    }
  }

  /** All traces that the file holds. Throws `DataError` at a line that is none, with its number. */
  traces(): AsyncGenerator<Trace> {
    return tracesOf(this.path, this.file);
  }

  /** How the first trace that the loop made came about, or null if there is none. Throws as `traces` does. */
  async firstRun(): Promise<Run | null> {
    for await (const { run } of this.traces()) if (run !== null) return run;
    return null;
  }

  /** A file that was made for nothing goes. */
  async close(): Promise<void> {
    await this.file.close();
    if (this.isBlank && (await this.lock.isHeld())) await rm(this.path, { force: true });
    await this.lock.release();
  }

  private async requireLock(): Promise<void> {
    if (await this.lock.isHeld()) return;
    throw new DataError(
      `Another vilasr has begun to write to ${this.path} while this one stood still. Wait until it has ended.`,
    );
  }
}

/**
 * All traces of a file that somebody may be writing to; none where there is no file. A last line that is not whole yet is left
 * out. Throws as `TraceFile.traces` does.
 */
export async function* readTraceFile(path: string): AsyncGenerator<Trace> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw new DataError(`Cannot read ${path}: ${systemReason(error)}.`);
  }
  try {
    yield* tracesOf(path, file);
  } finally {
    await file.close();
  }
}

async function* tracesOf(path: string, file: FileHandle): AsyncGenerator<Trace> {
  let number = 0;
  for await (const line of wholeLines(file)) {
    number++;
    const { trace, findings } = readTrace(line);
    if (trace === null) {
      const why = findings[0]?.message ?? 'It is no trace.';
      throw new DataError(`${path}, line ${number}: ${why} Choose another file.`);
    }
    yield trace;
  }
}

/**
 * Lines end at a line feed and at nothing else: within JSON other line separators are characters like any other. Read by
 * place, not as a stream: leaving a stream midway closes the file.
 */
async function* wholeLines(file: FileHandle): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  for (let position = 0; ; ) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(PIECE), 0, PIECE, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    let piece = buffer.subarray(0, bytesRead);
    for (let at = piece.indexOf(LINE_FEED); at >= 0; at = piece.indexOf(LINE_FEED)) {
      yield Buffer.concat([...rest, piece.subarray(0, at)]).toString('utf8');
      rest = [];
      piece = piece.subarray(at + 1);
    }
    rest.push(piece);
  }
}

/** Leaves the file empty or with a trace and a line feed at its end. */
async function healEnd(file: FileHandle, path: string): Promise<void> {
  const { size } = await file.stat();
  if (size === 0) return;
  const isWhole = (await readAt(file, size - 1, 1))[0] === LINE_FEED;
  const start = await lastLineStart(file, isWhole ? size - 1 : size);
  const tail = (await readAt(file, start, size - start)).toString('utf8');
  const isTrace = readTrace(tail).trace !== null;
  if (isTrace && isWhole) return;
  if (isTrace) return file.appendFile('\n');
  const beginning = `{"format":"${TRACE_FORMAT}"`;
  const isOurs = tail.startsWith(beginning) || beginning.startsWith(tail);
  if (isWhole || !isOurs || !isUnfinishedJson(tail)) {
    throw new DataError(`${path} does not end with a trace; it is left as it is. Choose another file.`);
  }
  await file.truncate(start);
}

/** Offset after the last line feed; 0 if there is none. */
async function lastLineStart(file: FileHandle, size: number): Promise<number> {
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - PIECE);
    const at = (await readAt(file, start, end - start)).lastIndexOf(LINE_FEED);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) throw new Error('it became shorter meanwhile');
    done += bytesRead;
  }
  return buffer;
}
