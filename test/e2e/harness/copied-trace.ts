import { expect } from 'vitest';
import type { Trace } from '../../../src/trace/trace';
import { readTrace } from '../../../src/trace/trace-line';
import type { Session } from './session';

/** The trace of the view in sight, by the clipboard. */
export async function copiedTrace({ workbench, probe }: Session): Promise<Trace> {
  await workbench.view.choose('export', 'Copy as JSON');
  await expect.poll(() => workbench.view.byId('notices').innerText()).toBe('Copied as JSON.');
  const { trace } = readTrace(await probe.clipboard());
  if (trace === null) throw new Error('What was copied is no trace.');
  return trace;
}
