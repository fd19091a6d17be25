import type { AttentionVariant, Computing, Provider, WeightFormat } from '../../engine';
import type { ModelFacts } from '../check-model';
import type { Runtime } from '../engine-contract';
import type { ProbeReport } from '../probe/report';
import type { Machine } from './machine';
import type { At, Pace } from './speed';

/** What `vilasr model bench` found. It names the checkpoint, and no path, user or machine: it is made to be shown to others. */
export interface BenchReport {
  /** What ran it, as in `ViLaSR 0.1.0, Node 22.1.0`. */
  readonly program: string;
  readonly machine: Machine;
  readonly runtime: Runtime;
  readonly model: Pick<ModelFacts, 'parameters' | 'bytes' | 'numbers' | 'contextLength'> & {
    readonly name: string;
  };
  /** The trial of the graphics card; null if the processor alone was asked for. */
  readonly card: CardTrial | null;
  /** What computes unless something else is asked for, and why; null if the graphics card was not tried. */
  readonly usual: Computing | null;
  readonly providers: readonly ProviderBench[];
}

export interface CardTrial {
  /** The card that WebGPU took, where that is known. */
  readonly taken: string | null;
  /** Null if the trial failed. */
  readonly found: ProbeReport | null;
  readonly failure: string | null;
}

/** One provider: how fast, or why not. */
export interface ProviderBench {
  readonly provider: Provider;
  readonly attention: AttentionVariant | null;
  readonly weights: WeightFormat | null;
  /** `skipped`: it was not tried, or not chosen; `failed`: what was measured before it failed is in `figures`. */
  readonly state: 'measured' | 'skipped' | 'failed';
  /** Why it was skipped, or how it failed. */
  readonly why: string | null;
  readonly figures: Figures;
}

/** Null where something was not measured: not reached in time, or not to be done with this model. */
export interface Figures {
  /** Seconds; null if it was imported before. */
  readonly import: number | null;
  /** Seconds, import aside. */
  readonly open: number | null;
  readonly prefill: Pace | null;
  readonly decode: At | null;
  readonly together: (At & { readonly count: number }) | null;
  /** Of the vision tower; `tokens` are those of the picture. */
  readonly image: (Pace & { readonly width: number; readonly height: number }) | null;
  readonly longPrefill: Pace | null;
  readonly longDecode: At | null;
  /** Bytes; see `LocalEngine.peakMemory`. */
  readonly memory: number | null;
  /** Ids of the likeliest reply to a picture, which all providers should give alike. */
  readonly reply: readonly number[] | null;
}

export const NO_FIGURES: Figures = {
  import: null,
  open: null,
  prefill: null,
  decode: null,
  together: null,
  image: null,
  longPrefill: null,
  longDecode: null,
  memory: null,
  reply: null,
};
