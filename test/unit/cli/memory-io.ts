import { Writable } from 'node:stream';
import type { Io } from '../../../src/cli/io';

/** Keeps what a command writes. */
export interface MemoryIo extends Io {
  readonly out: () => string;
  readonly err: () => string;
  readonly cancel: () => void;
}

/** An `Io` in memory, for a terminal of `columns` columns or for none. */
export function memoryIo(
  workingFolder = '/',
  columns: number | null = null,
  env: Record<string, string> = {},
): MemoryIo {
  const [stdout, stderr] = [new Memory(), new Memory()];
  const controller = new AbortController();
  return {
    stdout,
    stderr,
    columns,
    workingFolder,
    env,
    signal: controller.signal,
    out: () => stdout.text,
    err: () => stderr.text,
    cancel: () => controller.abort(),
  };
}

class Memory extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8');
    done();
  }
}
