import { expect, it } from 'vitest';
import { type Lane, RunQueue } from '../../../../src/host/run/run-queue';

interface Entry {
  readonly name: string;
  readonly lane: Lane;
}

const local = { name: 'local', width: 1 };
const server = { name: 'server', width: 2 };

/** A queue whose work ends when told. */
function setUp() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  let moves = 0;
  const queue = new RunQueue<Entry>(
    ({ lane }) => lane,
    ({ name }) => {
      begun.push(name);
      return new Promise((resolve) => ends.set(name, resolve));
    },
    () => {
      moves++;
    },
  );
  const end = async (name: string) => {
    ends.get(name)?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { queue, begun, end, moves: () => moves };
}

it('works on one entry of a lane after the other, in order', async () => {
  const { queue, begun, end } = setUp();
  const entries = ['a', 'b', 'c'].map((name) => ({ name, lane: local }));
  for (const entry of entries) queue.add(entry);
  expect(begun).toEqual(['a']);
  expect(entries.map((entry) => queue.ahead(entry))).toEqual([null, 1, 2]);
  await end('a');
  expect(begun).toEqual(['a', 'b']);
  expect(entries.map((entry) => queue.ahead(entry))).toEqual([null, null, 1]);
  await end('b');
  await end('c');
  expect(begun).toEqual(['a', 'b', 'c']);
});

it('works on as many at a time as their lane is wide', async () => {
  const { queue, begun, end } = setUp();
  for (const name of ['a', 'b', 'c']) queue.add({ name, lane: server });
  expect(begun).toEqual(['a', 'b']);
  await end('b');
  expect(begun).toEqual(['a', 'b', 'c']);
});

it('never works on two lanes at the same time, nor lets anyone overtake', async () => {
  const { queue, begun, end } = setUp();
  queue.add({ name: 'a', lane: server });
  queue.add({ name: 'b', lane: local });
  queue.add({ name: 'c', lane: server });
  expect(begun).toEqual(['a']);
  await end('a');
  expect(begun).toEqual(['a', 'b']);
  await end('b');
  expect(begun).toEqual(['a', 'b', 'c']);
});

it('lets go of an entry that waits, and of no other', async () => {
  const { queue, begun, end, moves } = setUp();
  const [a, b, c] = ['a', 'b', 'c'].map((name) => ({ name, lane: local })) as [Entry, Entry, Entry];
  for (const entry of [a, b, c]) queue.add(entry);
  const before = moves();
  expect(queue.remove(b)).toBe(true);
  expect(moves()).toBeGreaterThan(before);
  expect(queue.remove(a)).toBe(false);
  expect(queue.ahead(c)).toBe(1);
  await end('a');
  expect(begun).toEqual(['a', 'c']);
});
