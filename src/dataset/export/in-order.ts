/** Does `work` for several of `items` at once, at most `width`, and gives the outcomes in the order of the items. */
export async function* inOrder<T, R>(
  items: AsyncIterable<T>,
  width: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const going: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const outcome = work(item);
      // One that fails is told of when its turn comes.
      outcome.catch(() => undefined);
      going.push(outcome);
      const [first] = going;
      if (going.length < width || first === undefined) continue;
      going.shift();
      yield await first;
    }
    for (let next = going.shift(); next !== undefined; next = going.shift()) yield await next;
  } finally {
    await Promise.allSettled(going);
  }
}
