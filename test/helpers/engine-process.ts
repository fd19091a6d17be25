import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Engine, EngineError, type GenerateEvent, type GenerateRequest } from '../../src/engine/engine';
import { bundle } from './bundle';

const repository = join(import.meta.dirname, '..', '..');

export const checkpoints = join(repository, 'test', 'parity', 'golden', 'checkpoints');

/** A folder for the engine's bundled program, from which node finds onnxruntime; and the program in it. */
export async function buildEngine(): Promise<{ entry: string; dir: string; remove: () => Promise<void> }> {
  const parent = join(repository, 'node_modules', '.cache');
  await mkdir(parent, { recursive: true });
  const dir = await mkdtemp(join(parent, 'vilasr-engine-'));
  const entry = await bundle(join(repository, 'src', 'engine', 'onnx', 'engine-child.ts'), dir);
  return { entry, dir, remove: () => rm(dir, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Process ids of this process's children whose command line contains `engine`. */
export function engineProcesses(): number[] {
  const all = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return all.split('\n').flatMap((line) => {
    const [, pid, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(parent) === process.pid && command.includes('engine') ? [Number(pid)] : [];
  });
}

export interface Outcome {
  readonly events: readonly GenerateEvent[];
  readonly text: string;
  readonly error: EngineError | null;
}

/** Runs a request to its end, whichever; `onEvent` sees each event. */
export async function outcome(
  engine: Engine,
  request: GenerateRequest,
  { signal, onEvent }: { signal?: AbortSignal; onEvent?: (event: GenerateEvent) => void } = {},
): Promise<Outcome> {
  const events: GenerateEvent[] = [];
  let error: EngineError | null = null;
  try {
    for await (const event of engine.generate(request, signal)) {
      events.push(event);
      onEvent?.(event);
    }
  } catch (caught) {
    if (!(caught instanceof EngineError)) throw caught;
    error = caught;
  }
  const text = events.map((event) => (event.type === 'text' ? event.text : '')).join('');
  return { events, text, error };
}
