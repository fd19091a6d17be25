import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Trace } from '../../src/trace/trace';
import { readTrace } from '../../src/trace/trace-line';

const repository = join(import.meta.dirname, '..', '..');
const program = join(repository, 'dist', 'cli.js');

/** The model that comes with the product. */
export const bundledModel = join(repository, 'media', 'model');
const checkpoints = join(repository, 'test', 'parity', 'golden', 'checkpoints');
/** A random model that says this and that. */
export const randomModel = join(checkpoints, 'gqa-untied-fp32');
/** A random model that says the same over and over, so that a run lasts as long as it may. */
export const tirelessModel = join(checkpoints, 'mqa-tied-bf16');

/** Imported models of this test file, away from the user's; gone when its process ends. */
const cache = mkdtempSync(join(tmpdir(), 'vilasr-cache-'));
process.on('exit', () => rmSync(cache, { recursive: true, force: true }));

export interface Finished {
  /** Null if a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built command line, running. */
export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves when `isThere` holds of what it has written so far. */
  until(isThere: (written: { stdout: string; stderr: string }) => boolean): Promise<void>;
  /** A moment; throws if it has ended. */
  pause(): Promise<void>;
  /** Process ids of its children whose command line contains `name`. */
  children(name: string): number[];
}

export interface VilasrOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Whether it leads a process group of its own, as what a shell starts in a terminal does. */
  readonly detached?: boolean;
}

export function startVilasr(
  args: readonly string[],
  { cwd, env, detached = false }: VilasrOptions = {},
): Running {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: cwd ?? repository,
    env: { ...process.env, VILASR_CACHE: cache, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached,
  });
  const written = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      written[name] += text;
      for (const watch of watchers) watch();
    });
  }
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, ...written }));
  });
  return {
    child,
    finished,
    until: (isThere) =>
      new Promise((resolve, reject) => {
        const watch = () => {
          if (isThere(written)) resolve();
        };
        watchers.add(watch);
        child.on('close', () => reject(new Error(`it ended before: ${written.stdout}${written.stderr}`)));
        watch();
      }),
    pause: async () => {
      if (child.exitCode !== null) throw new Error(`it has ended: ${written.stdout}${written.stderr}`);
      await sleep(10);
    },
    children: (name) => childProcesses(child.pid ?? 0, name),
  };
}

/** Runs the built command line to its end. */
export function vilasr(args: readonly string[], options?: VilasrOptions): Promise<Finished> {
  return startVilasr(args, options).finished;
}

/** The traces of a file; every line must be one, without a finding of an error. */
export function readTraces(path: string): Trace[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  if (lines.pop() !== '') throw new Error(`${path} does not end with a line feed`);
  return lines.map((line) => {
    const { trace, findings } = readTrace(line);
    const broken = findings.find(({ code }) => code === 'derived-differs' || code === 'bad-field');
    if (trace === null || broken) throw new Error(`${path}: ${JSON.stringify(findings)}`);
    return trace;
  });
}

function childProcesses(parent: number, name: string): number[] {
  const all = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return all.split('\n').flatMap((line) => {
    const [, pid, ppid, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(ppid) === parent && command.includes(name) ? [Number(pid)] : [];
  });
}

/** Whether a process is still there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
