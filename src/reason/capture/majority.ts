/** The items that share the most frequent key, and how many do not. Of equally frequent keys the first counts. */
export function majority<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): { readonly same: T[]; readonly others: number } {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  let same: T[] = [];
  for (const group of groups.values()) if (group.length > same.length) same = group;
  return { same, others: items.length - same.length };
}
