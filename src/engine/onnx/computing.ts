import type { Computing } from '../engine';

/** On the processor, because of `why`. */
export const onCpu = (why: string): Computing => ({ provider: 'cpu', attention: 'shared-cache', why });
