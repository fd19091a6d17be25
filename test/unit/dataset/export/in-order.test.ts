import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inOrder } from '../../../../src/dataset/export/in-order';

async function* numbers(count: number) {
  for (let i = 0; i < count; i++) yield i;
}

describe('work that is done several at once', () => {
  it('comes out in order, and never more at once than allowed', async () => {
    let [going, most] = [0, 0];
    const outcomes: number[] = [];
    const work = async (i: number) => {
      most = Math.max(most, ++going);
      await sleep((i * 7) % 5);
      going--;
      return i * 2;
    };
    for await (const outcome of inOrder(numbers(20), 3, work)) outcomes.push(outcome);
    expect(outcomes).toEqual(Array.from({ length: 20 }, (_, i) => i * 2));
    expect(most).toBe(3);
  });

  it('that fails is told of in its turn, when all that was going is over', async () => {
    const outcomes: number[] = [];
    let over = 0;
    const work = async (i: number) => {
      await sleep(i === 3 ? 0 : 3);
      over++;
      if (i === 3) throw new Error('three');
      return i;
    };
    const all = async () => {
      for await (const outcome of inOrder(numbers(9), 4, work)) outcomes.push(outcome);
    };
    await expect(all()).rejects.toThrow('three');
    expect(outcomes).toEqual([0, 1, 2]);
    expect(over).toBeGreaterThanOrEqual(4);
  });
});
