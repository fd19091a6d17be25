/**
 * The number that comes after or before number `index` in a list of such; null at its end. What is shown may be none of the list,
 * as one that was judged just now: then it is the one that comes after or before it in the file, if the list is in the order of
 * the file (`rising`), else the list's first or last.
 */
export function neighbourIn(
  order: Uint32Array,
  index: number,
  by: 1 | -1,
  { rising }: { readonly rising: boolean },
): number | null {
  const place = order.indexOf(index);
  if (place >= 0) return order[place + by] ?? null;
  if (!rising) return order[by > 0 ? 0 : order.length - 1] ?? null;
  const after = order.findIndex((one) => one > index);
  const end = after < 0 ? order.length : after;
  return order[by > 0 ? end : end - 1] ?? null;
}
