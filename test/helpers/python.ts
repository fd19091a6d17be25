import { execFileSync } from 'node:child_process';

/** Environments that `npm run test:contract` makes. */
export type PythonEnvironment = 'VILASR_PYTHON' | 'VILASR_LLAMAFACTORY_PYTHON' | 'VILASR_VERL_PYTHON';

/** Runs a program in one of them, with nothing fetched, and gives what it prints. What it says of a failure is part of the error. */
export function runPython(
  environment: PythonEnvironment,
  args: readonly string[],
  { cwd, input = '' }: { readonly cwd: string; readonly input?: string },
): string {
  const python = process.env[environment];
  if (python === undefined)
    throw new Error(`${environment} is not set: run these tests with npm run test:contract`);
  return execFileSync(python, args, {
    cwd,
    input,
    stdio: ['pipe', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, OMP_NUM_THREADS: '1', HF_HUB_OFFLINE: '1', HF_HOME: `${cwd}/hugging-face` },
  });
}
