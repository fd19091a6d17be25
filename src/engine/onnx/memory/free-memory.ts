import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { freemem } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/**
 * Bytes that a new process can use without swapping: what the system says is available, but no more than the control
 * groups of this process (containers, services) still allow. Pages that only cache files count as available.
 */
export async function freeMemory(platform: NodeJS.Platform = process.platform): Promise<number> {
  if (platform === 'linux') return freeOnLinux('/');
  // `freemem` of macOS leaves out the pages that it would give up at once.
  if (platform === 'darwin') return freeOnMac((await promisify(execFile)('vm_stat')).stdout) ?? freemem();
  return freemem();
}

/** For Linux: `MemAvailable` of `/proc/meminfo` and the limits of cgroups, version 1 or 2. `root` is where `/` is. */
export async function freeOnLinux(root: string): Promise<number> {
  const meminfo = (await read(join(root, 'proc/meminfo'))) ?? '';
  const available = /^MemAvailable:\s+(\d+) kB/m.exec(meminfo)?.[1];
  const system = available === undefined ? freemem() : Number(available) * 1024;
  const groups = (await read(join(root, 'proc/self/cgroup'))) ?? '';
  const rooms = [system];
  for (const line of groups.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    if (controllers === '') rooms.push(await roomIn(join(root, 'sys/fs/cgroup'), path, V2));
    else if (controllers.split(',').includes('memory')) {
      rooms.push(await roomIn(join(root, 'sys/fs/cgroup/memory'), path, V1));
    }
  }
  return Math.min(...rooms);
}

/** Names of a cgroup's files. */
interface Names {
  readonly limit: string;
  readonly usage: string;
  /** Keys of `memory.stat` that count cached file pages. */
  readonly cached: readonly string[];
}

const V1: Names = {
  limit: 'memory.limit_in_bytes',
  usage: 'memory.usage_in_bytes',
  cached: ['total_inactive_file', 'total_active_file'],
};
const V2: Names = { limit: 'memory.max', usage: 'memory.current', cached: ['inactive_file', 'active_file'] };

/** The least room in the cgroup `path` and all that hold it. Inside a container its own group is the mount's root. */
async function roomIn(mount: string, path: string, names: Names): Promise<number> {
  let room = Number.POSITIVE_INFINITY;
  for (let group = path; ; group = dirname(group)) {
    const dir = join(mount, group);
    const limit = Number.parseInt((await read(join(dir, names.limit))) ?? '', 10);
    if (Number.isFinite(limit)) {
      const usage = Number.parseInt((await read(join(dir, names.usage))) ?? '', 10) || 0;
      const stat = (await read(join(dir, 'memory.stat'))) ?? '';
      room = Math.min(room, Math.max(0, limit - usage + cachedBytes(stat, names.cached)));
    }
    if (group === '/' || group === '.') return room;
  }
}

function cachedBytes(stat: string, keys: readonly string[]): number {
  let bytes = 0;
  for (const line of stat.split('\n')) {
    const [key = '', value] = line.split(' ');
    if (keys.includes(key)) bytes += Number(value);
  }
  return bytes;
}

/** For macOS, from the output of `vm_stat`: free, inactive, speculative and purgeable pages. Null if it has none. */
export function freeOnMac(vmStat: string): number | null {
  const page = /page size of (\d+) bytes/.exec(vmStat)?.[1];
  if (page === undefined) return null;
  let pages = 0;
  for (const kind of ['free', 'inactive', 'speculative', 'purgeable']) {
    pages += Number(new RegExp(`^Pages ${kind}:\\s+(\\d+)`, 'm').exec(vmStat)?.[1] ?? 0);
  }
  return pages * Number(page);
}

const read = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null);
