import { readdirSync, readFileSync } from 'node:fs';

/** A process of this system, as /proc tells of it. */
export interface SystemProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: readonly string[];
}

/** The children of the process `parent` now. */
export function childrenOf(parent: number): SystemProcess[] {
  return allProcesses().filter((one) => one.parent === parent);
}

/** Paths of the files that a process has mapped into its memory: its native libraries are among them. */
export function mappedFiles(pid: number): string[] {
  const lines = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n');
  return [...new Set(lines.flatMap((line) => /\s(\/.+)$/.exec(line)?.[1] ?? []))];
}

function allProcesses(): SystemProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => describe(Number(name)) ?? []);
}

function describe(pid: number): SystemProcess | null {
  try {
    // "PID (NAME) STATE PARENT …"; the name may hold anything.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
    return { pid, parent, command };
  } catch {
    // It has ended meanwhile.
    return null;
  }
}
