import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-folder';

/** A disk of its own, in memory. */
export interface SmallDisk {
  /** Absolute path of its root. */
  readonly path: string;
  makeReadOnly(): void;
}

/** Whether this process may mount disks. */
export const canMount = process.platform === 'linux' && tryMount();

/** A disk of so many kilobytes that goes when the test that asked for it ends. */
export async function smallDisk(kilobytes: number): Promise<SmallDisk> {
  const path = await temporaryFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'vilasr-test', path]);
  onTestFinished(() => void execFileSync('umount', ['-l', path]));
  return { path, makeReadOnly: () => void execFileSync('mount', ['-o', 'remount,ro', path]) };
}

function tryMount(): boolean {
  const path = mkdtempSync(join(tmpdir(), 'vilasr-mount-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'vilasr-test', path]);
  if (status === 0) spawnSync('umount', [path]);
  rmSync(path, { recursive: true });
  return status === 0;
}
