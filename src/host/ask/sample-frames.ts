/**
 * Places of `wanted` frames among `total`, spread evenly from the first to the last; all of them where there are no more
 * than that.
 */
export function sampleFrames(total: number, wanted: number): number[] {
  const count = Math.min(total, wanted);
  if (count <= 1) return Array.from({ length: count }, () => 0);
  return Array.from({ length: count }, (_, i) => Math.round((i * (total - 1)) / (count - 1)));
}

/** Moments of `wanted` frames of a video that lasts `seconds`: the middles of equal spans. */
export function sampleMoments(seconds: number, wanted: number): number[] {
  return Array.from({ length: wanted }, (_, i) => ((i + 0.5) * seconds) / wanted);
}
