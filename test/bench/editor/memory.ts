import { readFileSync } from 'node:fs';
import { childrenOf } from '../../e2e/harness/processes';

/** Bytes that a process holds, its share of what it shares (PSS); 0 where it has ended. */
function memoryOf(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Bytes of an extension host with the processes that our extension started in it. */
export function hostMemory(host: number): number {
  const ours = childrenOf(host).filter(({ command }) =>
    command.some((part) => /vilasr.*\bdist\b.*\.js$/.test(part)),
  );
  return [host, ...ours.map(({ pid }) => pid)].reduce((sum, pid) => sum + memoryOf(pid), 0);
}

/** Bytes that a process has read so far, from the disk or its cache. */
export function bytesRead(pid: number): number {
  return Number(/^rchar: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
}

/** The most that a measure came to while `work` went on; looked at every 100 ms. */
export async function peakDuring(measure: () => number, work: () => Promise<void>): Promise<number> {
  let peak = measure();
  const timer = setInterval(() => {
    peak = Math.max(peak, measure());
  }, 100);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return Math.max(peak, measure());
}
