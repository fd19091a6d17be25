import { execFileSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes a second that `cp` reads and writes of a file, until the disk has them. */
export function copyRate(file: string, folder: string): number {
  const copy = join(folder, 'copy');
  flush(folder);
  const start = performance.now();
  execFileSync('cp', [file, copy]);
  flush(copy);
  const rate = (2 * statSync(file).size) / ((performance.now() - start) / 1000);
  rmSync(copy);
  return rate;
}

/** Waits until the disk has all that was written to it before. */
export function flush(path: string): void {
  execFileSync('sync', ['-f', path]);
}

/** Takes a file out of the page cache, so that it is read from the disk. */
export function forget(file: string): void {
  flush(file);
  execFileSync('dd', [`if=${file}`, 'iflag=nocache', 'count=0', 'status=none']);
}

/** Reads a file into the page cache. */
export function remember(file: string): void {
  execFileSync('cat', [file], { stdio: ['ignore', 'ignore', 'inherit'] });
}
