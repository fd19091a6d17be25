import { mkdir, writeFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freeMemory, freeOnLinux, freeOnMac } from '../../../../../src/engine/onnx/memory/free-memory';
import { temporaryFolder } from '../../../../helpers/temporary-folder';

/** A root folder with these files of `/proc` and `/sys`. */
async function system(files: Record<string, string>): Promise<string> {
  const root = await temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

const MEMINFO = 'MemTotal:       16000000 kB\nMemFree:         1000000 kB\nMemAvailable:    8000000 kB\n';
const GB = 1e9;

describe('freeMemory', () => {
  it('is more than nothing and less than the whole on this machine', async () => {
    const free = await freeMemory();
    expect(free).toBeGreaterThan(10e6);
    expect(free).toBeLessThanOrEqual(totalmem());
  });

  it('is what Linux calls available', async () => {
    expect(await freeOnLinux(await system({ 'proc/meminfo': MEMINFO }))).toBe(8000000 * 1024);
  });

  it('is no more than the room in this control group and those around it, file pages not counted as used', async () => {
    const root = await system({
      'proc/meminfo': MEMINFO,
      'proc/self/cgroup': '0::/user.slice/app.scope\n',
      'sys/fs/cgroup/user.slice/memory.max': `${4 * GB}\n`,
      'sys/fs/cgroup/user.slice/memory.current': `${3 * GB}\n`,
      'sys/fs/cgroup/user.slice/memory.stat': `anon ${1 * GB}\ninactive_file ${1 * GB}\nactive_file ${0.5 * GB}\n`,
      'sys/fs/cgroup/user.slice/app.scope/memory.max': 'max\n',
    });
    expect(await freeOnLinux(root)).toBe(2.5 * GB);
  });

  it('knows the control groups of version 1, and a container whose group is the root of its mount', async () => {
    const root = await system({
      'proc/meminfo': MEMINFO,
      'proc/self/cgroup': '9:cpu:/docker/abc\n4:memory:/docker/abc\n0::/\n',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': `${2 * GB}\n`,
      'sys/fs/cgroup/memory/memory.usage_in_bytes': `${1.5 * GB}\n`,
      'sys/fs/cgroup/memory/memory.stat': `total_inactive_file ${0.25 * GB}\ntotal_active_file 0\n`,
    });
    expect(await freeOnLinux(root)).toBe(0.75 * GB);
  });

  it('is not made less by a group without a limit', async () => {
    const root = await system({
      'proc/meminfo': MEMINFO,
      'proc/self/cgroup': '4:memory:/\n',
      'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      'sys/fs/cgroup/memory/memory.usage_in_bytes': '1000\n',
    });
    expect(await freeOnLinux(root)).toBe(8000000 * 1024);
  });

  it('counts the pages that macOS would give up', () => {
    const text = [
      'Mach Virtual Memory Statistics: (page size of 16384 bytes)',
      'Pages free:                                8000.',
      'Pages active:                            200000.',
      'Pages inactive:                          190000.',
      'Pages speculative:                         1000.',
      'Pages wired down:                        100000.',
      'Pages purgeable:                           1000.',
    ].join('\n');
    expect(freeOnMac(text)).toBe(200_000 * 16384);
    expect(freeOnMac('')).toBeNull();
  });
});
