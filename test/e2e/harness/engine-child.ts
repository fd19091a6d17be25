import { setTimeout as sleep } from 'node:timers/promises';
import { childrenOf, type SystemProcess } from './processes';

/** The processes that compute, of the extension host `host`. */
export function engines(host: number): SystemProcess[] {
  return childrenOf(host).filter(({ command }) => command.some((part) => part.endsWith('engine.js')));
}

/** The one that computes now; waits until there is one. */
export async function engineOf(host: number): Promise<number> {
  for (let tries = 0; tries < 600; tries++) {
    const [engine] = engines(host);
    if (engine !== undefined) return engine.pid;
    await sleep(50);
  }
  throw new Error('There is no engine process.');
}

/** Lets the process run for a `moment` at a time, in milliseconds, until `reached`, and leaves it standing still: see `thaw`. */
export async function runUntil(pid: number, reached: () => Promise<boolean>, moment = 40): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    freeze(pid);
    // What it said reaches the page meanwhile.
    await sleep(100);
    if (await reached()) return;
    thaw(pid);
    await sleep(moment);
  }
  throw new Error('The engine never got there.');
}

export const freeze = (pid: number): boolean => process.kill(pid, 'SIGSTOP');
export const thaw = (pid: number): boolean => process.kill(pid, 'SIGCONT');

/** Ends the process, which may stand still, or be gone already. */
export function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
