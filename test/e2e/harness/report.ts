import type { Gaps } from './probe';

/** Says a figure that was measured. None is asserted: the machines are noisy. */
export function report(what: string, milliseconds: number): void {
  console.log(`${what}: ${milliseconds.toFixed(0)} ms`);
}

export function reportGaps(what: string, { host, idle }: Gaps): void {
  console.log(
    `Longest gap in the extension host's event loop ${what}: ${host.toFixed(0)} ms; in an idle one beside it ${idle.toFixed(0)} ms`,
  );
}
