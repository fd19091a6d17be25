/** `over` laid on `under` with an opacity of `alpha`, all bytes, rounded as Pillow does everywhere. */
export function blend(under: number, over: number, alpha: number): number {
  return dividedBy255(under * (255 - alpha) + over * alpha);
}

/** A product of two bytes divided by 255 and rounded, in the integer arithmetic of Pillow. */
export function dividedBy255(product: number): number {
  const half = product + 128;
  return ((half >> 8) + half) >> 8;
}
