import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { CallError } from './call-error';

/** What is known of a child process that has ended. */
export interface Ending {
  /** "the pixel process" */
  readonly name: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of what it wrote to stderr. */
  readonly stderr: string;
  /** What it said it used, in bytes, shortly before; 0 if it never said. */
  readonly memory: number;
  /** Whether the system ended some process for want of memory while this one lived. */
  readonly systemRanOut: boolean;
}

const OUT_OF_MEMORY_TEXT =
  /heap out of memory|bad_alloc|Array buffer allocation failed|Cannot allocate memory|ERR_MEMORY_ALLOCATION|ENOMEM|Fatal process out of memory/i;

/** A Windows process that got no memory ends with one of these. */
const OUT_OF_MEMORY_CODES = [0xc0000017, 0xc000012d];

/** Signals that a process brings on itself; any other was sent by somebody. */
const FAULTS: readonly (string | null)[] = [
  'SIGSEGV',
  'SIGABRT',
  'SIGBUS',
  'SIGILL',
  'SIGFPE',
  'SIGTRAP',
  'SIGSYS',
];

/** Why a child process ended that we did not end, in a kind and in words. */
export function explainEnding(ending: Ending): CallError {
  const { name, code, signal, stderr, memory } = ending;
  if (OUT_OF_MEMORY_TEXT.test(stderr) || (code !== null && OUT_OF_MEMORY_CODES.includes(code))) {
    return new CallError('out-of-memory', `${name} ran out of memory${used(memory)}`);
  }
  if (signal === 'SIGKILL' && (ending.systemRanOut || memory > 0.8 * availableMemory())) {
    return new CallError(
      'out-of-memory',
      `${name} was ended by the system, which ran out of memory${used(memory)}`,
    );
  }
  if (signal !== null && !FAULTS.includes(signal)) {
    return new CallError('killed', `${name} was killed (${signal})`);
  }
  if (code === 0) return new CallError('crashed', `${name} ended by itself before it answered`);
  const how = signal ?? `exit code ${code !== null && code > 0xffff ? `0x${code.toString(16)}` : code}`;
  const said = stderr.trim() === '' ? '' : `; its last words:\n${stderr.trim()}`;
  return new CallError('crashed', `${name} crashed (${how})${said}`);
}

const used = (memory: number): string =>
  memory > 0
    ? ` (it used ${(memory / 1e9).toFixed(1)} GB of ${(availableMemory() / 1e9).toFixed(1)} GB)`
    : '';

/** The memory that this process and its children may use: the container's limit where there is one. */
function availableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

/** How many processes Linux has ended for want of memory since it started; 0 where that cannot be known. */
export function countSystemOutOfMemory(): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'latin1'))?.[1] ?? 0);
  } catch {
    return 0; // not Linux
  }
}
