import { join } from 'node:path';
import { CallError } from '../../protocol/call-error';
import { Supervisor } from '../../protocol/supervisor';
import { type Computing, cancelled, type ProviderChoice } from '../engine';
import { whyNotHere } from '../expert-providers';
import { firstLine, onCpu } from './computing';
import { engineContract, type OpenProgress } from './engine-contract';
import type { ProbeOptions } from './probe/probe';
import { chooseComputing, type ProbeReport } from './probe/report';

interface Question {
  /** The checkpoint folder. */
  readonly dir: string;
  readonly provider?: ProviderChoice | undefined;
  /** How many conversations are to go on at once; 1 unless given. */
  readonly parallel?: number;
  readonly entry?: string;
  readonly onProgress?: (progress: OpenProgress) => void;
}

/** What was found in this process: a trial may take seconds. */
const found = new Map<string, Computing>();

/**
 * What a model shall compute on. Unless that is the processor, the graphics card is tried in a process of its own, which
 * its driver may end. Throws `EngineError` `cancelled`.
 */
export async function chooseProvider(
  { dir, provider = 'auto', parallel = 1, entry = join(__dirname, 'engine.js'), onProgress }: Question,
  signal?: AbortSignal,
): Promise<Computing> {
  if (provider === 'cpu') return onCpu('it was asked for');
  const nowhere = whyNotHere(provider);
  if (nowhere !== null) return onCpu(nowhere);
  const several = parallel > 1;
  const key = JSON.stringify([dir, provider, entry, several]);
  const known = found.get(key);
  if (known) return known;
  onProgress?.({ phase: 'probing' });
  const [timed, tries] = provider === 'auto' ? [true, 'webgpu' as const] : [false, provider];
  const tried = await tryCard({ dir, entry, provider: tries, timed, thorough: false, several }, signal);
  if ('failure' in tried) return onCpu(tried.failure);
  const chosen = chooseComputing(provider, tried.report, several);
  found.set(key, chosen);
  return chosen;
}

interface Trial extends ProbeOptions {
  readonly dir: string;
  readonly entry: string;
  /** Variables of the environment, and who is told what is written to stderr: see `SupervisorOptions`. */
  readonly env?: Readonly<Record<string, string>>;
  readonly onStderr?: (text: string) => void;
}

/** What a trial of the graphics card found, or how it failed, in a line. */
export type TriedCard = { readonly report: ProbeReport } | { readonly failure: string };

/** Tries the graphics card in a process of its own, which its driver may end. Throws `EngineError` `cancelled`. */
export async function tryCard(
  { dir, entry, provider, timed, thorough, several, ...options }: Trial,
  signal?: AbortSignal,
): Promise<TriedCard> {
  const name = 'the trial of the graphics card';
  const supervisor = new Supervisor(engineContract, { entry, name, ...options });
  const asked = { dir, provider, timed, thorough, several };
  try {
    return { report: await supervisor.call('probe', asked, { signal }) };
  } catch (error) {
    if (error instanceof CallError && error.kind === 'cancelled') throw cancelled();
    // A folder that is no checkpoint is refused here too; opening it says so in full.
    return {
      failure: error instanceof CallError ? firstLine(error.message) : 'the graphics card could not be tried',
    };
  } finally {
    await supervisor.close();
  }
}
