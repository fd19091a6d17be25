import type { FileHandle } from 'node:fs/promises';
import { readFully } from '../safetensors';
import type { StepRecord } from './journal';
import { openBench } from './kernel';
import type { Step } from './layout';
import { stopIfAborted } from './stop';

/** Bytes read at once: bounds memory, and how long a cancel waits. A multiple of 16, as checksums want it. */
const CHUNK = 1 << 20;

/**
 * Looks whether the bytes in the data files are those that a step's record was made from: true if they are. Throws `EngineError`
 * on cancel.
 */
export function stepVerifier(target: (file: string) => FileHandle, signal: AbortSignal | undefined) {
  const chunk = { rows: 1, width: CHUNK / 4, format: 'float32' } as const;
  const { slots, checksums } = openBench(1, [[chunk, { kind: 'copy' }]]);
  const buffer = slots[0]?.source(chunk) ?? new Uint8Array();
  return async (step: Step, record: StepRecord): Promise<boolean> => {
    for (const [i, range] of step.stored.entries()) {
      const file = target(range.file);
      const { size } = await file.stat();
      if (range.offset + range.length > size) return false;
      checksums.restart();
      for (let done = 0; done < range.length; done += buffer.length) {
        stopIfAborted(signal);
        const bytes = buffer.subarray(0, Math.min(buffer.length, range.length - done));
        await readFully(file, bytes, range.offset + done, range.file);
        checksums.add(bytes);
      }
      if (checksums.source !== record.stored[i]) return false;
    }
    return true;
  };
}
