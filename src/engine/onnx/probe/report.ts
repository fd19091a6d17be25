import * as v from 'valibot';
import type { Computing, ProviderChoice } from '../../engine';
import { providerName } from '../../expert-providers';
import { firstLine, onCpu } from '../computing';

const finding = v.nullable(v.string());

const check = v.object({
  /** What was computed on both. */
  what: v.string(),
  /** The largest difference as a share of the largest number; null where there was something that is no number. */
  off: v.nullable(v.number()),
  /** The largest that is right. */
  most: v.number(),
});
/** A comparison of the graphics card with the processor. */
export type ProbeCheck = v.InferOutput<typeof check>;

/** What a probe of the graphics card found, in words; null where nothing is wrong, or nothing was looked at after another. */
export const probeReport = v.object({
  /** Why the provider has nothing to compute with. */
  missing: finding,
  /** How long the same products take, if they were timed. */
  milliseconds: v.nullable(v.object({ cpu: v.number(), card: v.number() })),
  /** What is wrong with products of quantised weights. */
  products: finding,
  /** What is wrong with a model whose attention is one operator; that is not looked at for several conversations at once. */
  fused: finding,
  /** What is wrong with one whose attention is decomposed; that is looked at for those, or if `fused` is wrong. */
  decomposed: finding,
  /** All that was compared, in order. */
  checks: v.pipe(v.array(check), v.readonly()),
});
export type ProbeReport = v.InferOutput<typeof probeReport>;

/** What onnxruntime says where WebGPU finds nothing to compute with. */
const NO_ADAPTER = /Failed to get a WebGPU adapter/;

/** That there is no card, and what one takes to be found where the system alone does not bring it. */
const noCard = (platform: string): string =>
  platform === 'linux'
    ? "no graphics card was found (on Linux that takes Vulkan: libvulkan.so.1 and the card's driver)"
    : 'no graphics card was found';

/**
 * What computes, by what was asked for and what a probe of it found; `auto` is WebGPU. `several`: for several conversations at
 * once, as the probe was asked.
 */
export function chooseComputing(
  choice: Exclude<ProviderChoice, 'cpu'>,
  report: ProbeReport,
  several = false,
  platform: string = process.platform,
): Computing {
  const provider = choice === 'auto' ? 'webgpu' : choice;
  const { missing, milliseconds, products, fused, decomposed } = report;
  if (missing !== null) {
    if (provider !== 'webgpu') return onCpu(`${providerName(provider)} cannot be used: ${missing}`);
    return onCpu(
      NO_ADAPTER.test(missing) ? noCard(platform) : `WebGPU cannot be used: ${firstLine(missing)}`,
    );
  }
  if (choice === 'auto' && milliseconds && milliseconds.card > milliseconds.cpu) {
    const { card, cpu } = milliseconds;
    const times = `${Number(card.toPrecision(2))} ms against ${Number(cpu.toPrecision(2))} ms`;
    return onCpu(
      `for this model the graphics card, or what stands in for one, is slower than the processor (${times})`,
    );
  }
  const isFused = fused === null && !several;
  const wrong = products ?? (isFused ? null : decomposed);
  if (wrong !== null) return onCpu(`the graphics card computes wrong, or not at all (${firstLine(wrong)})`);
  const right = 'the graphics card computes as the processor does';
  if (isFused) return { provider, attention: 'fused', why: right };
  const why = fused === null ? right : `${right}, but for its fused attention (${firstLine(fused)})`;
  return { provider, attention: 'decomposed', why };
}
