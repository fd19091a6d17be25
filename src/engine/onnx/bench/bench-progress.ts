import type { Provider } from '../../engine';
import type { OpenProgress } from '../engine-contract';

/** What is being measured: reading a prompt, speaking, speaking in several replies at once, seeing, and a long prompt. */
export type BenchStep = 'reading' | 'speaking' | 'together' | 'seeing' | 'long';

/** What a benchmark is doing: finding out what is here, trying the graphics card, opening the model, measuring. */
export type BenchProgress =
  | { readonly phase: 'machine' }
  | { readonly phase: 'card' }
  | { readonly phase: 'opening'; readonly provider: Provider; readonly step: OpenProgress }
  | { readonly phase: 'measuring'; readonly provider: Provider; readonly step: BenchStep };
