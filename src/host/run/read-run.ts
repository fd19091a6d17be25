import type { FileHandle } from 'node:fs/promises';
import type { ItemRange } from '../../dataset/source/item-table';
import { readRange } from '../../dataset/source/read-range';
import type { Trace } from '../../trace/trace';
import { readTrace } from '../../trace/trace-line';

/** The trace in a line of the file of runs, which its line feed may end; null if the line is none. */
export async function readRun(
  file: FileHandle,
  range: Pick<ItemRange, 'start' | 'end'>,
): Promise<Trace | null> {
  const content = await readRange(file, range);
  return 'fault' in content ? null : readTrace(content.text.replace(/\n$/, '')).trace;
}
