import { getPriority, setPriority } from 'node:os';

/** How far a thread gives way, as `nice` counts it. */
const NICE = 10;

/**
 * Lets the thread that calls this, a worker's, run where others do not need the processor: what a person waits for comes before
 * what is read in the background. On Linux alone: elsewhere a priority is that of the whole process. One that gives way as far
 * already, as in a VS Code that was started so, stays as it is: nobody may be less nice again.
 */
export function giveWay(): void {
  if (process.platform === 'linux' && getPriority() < NICE) setPriority(NICE);
}
