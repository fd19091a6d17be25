import { join } from 'node:path';
import { CallError } from '../../protocol/call-error';
import { Supervisor } from '../../protocol/supervisor';
import { type Computing, cancelled, type ProviderChoice } from '../engine';
import { firstLine, onCpu } from './computing';
import { engineContract, type OpenProgress } from './engine-contract';
import { chooseComputing } from './probe/report';

interface Question {
  /** The checkpoint folder. */
  readonly dir: string;
  readonly provider?: ProviderChoice | undefined;
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
  { dir, provider = 'auto', entry = join(__dirname, 'engine.js'), onProgress }: Question,
  signal?: AbortSignal,
): Promise<Computing> {
  if (provider === 'cpu') return onCpu('it was asked for');
  const key = JSON.stringify([dir, provider, entry]);
  const known = found.get(key);
  if (known) return known;
  onProgress?.({ phase: 'probing' });
  const supervisor = new Supervisor(engineContract, { entry, name: 'the trial of the graphics card' });
  try {
    const report = await supervisor.call('probe', { dir, timed: provider === 'auto' }, { signal });
    const chosen = chooseComputing(provider, report);
    found.set(key, chosen);
    return chosen;
  } catch (error) {
    if (error instanceof CallError && error.kind === 'cancelled') throw cancelled();
    // A folder that is no checkpoint is refused here too; opening it says so in full.
    return onCpu(
      error instanceof CallError ? firstLine(error.message) : 'the graphics card could not be tried',
    );
  } finally {
    await supervisor.close();
  }
}
