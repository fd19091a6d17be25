import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { freeMemory } from '../memory/free-memory';
import { type GraphicsCard, graphicsCards, vulkanDrivers } from './graphics-cards';

/** What a model runs on here. Nothing in it says whose machine this is. */
export interface Machine {
  readonly system: string;
  readonly processor: string;
  /** As many as this process may use. */
  readonly cores: number;
  /** Bytes. */
  readonly memory: { readonly total: number; readonly free: number };
  readonly cards: readonly GraphicsCard[];
  /** Drivers of Vulkan, by the names of their manifests; null on systems where WebGPU needs none. */
  readonly vulkan: readonly string[] | null;
}

/** An aborted signal ends what takes long, without an error. */
export async function describeMachine(signal: AbortSignal): Promise<Machine> {
  return {
    system: `${type()} ${release()}, ${process.arch}`,
    processor: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    memory: { total: totalmem(), free: await freeMemory() },
    cards: await graphicsCards(signal),
    vulkan: await vulkanDrivers(),
  };
}
