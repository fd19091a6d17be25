import { describe, expect, test } from 'vitest';
import { Turns } from '../../../../../src/engine/onnx/runtime/turns';

describe('what is done together', () => {
  const runs: (readonly number[])[] = [];
  const halve = async (items: readonly number[]): Promise<number[]> => {
    runs.push(items);
    if (items.some((item) => item % 2 === 1)) throw new Error(`${items} cannot be halved`);
    return items.map((item) => item / 2);
  };
  const settle = async (turns: Turns<number, number>, items: readonly number[]) => {
    runs.length = 0;
    const all = await Promise.allSettled(items.map((item) => turns.join(item)));
    return all.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.message));
  };

  test('is done once for all', async () => {
    expect(await settle(new Turns(halve), [2, 4, 6])).toEqual([1, 2, 3]);
    expect(runs).toEqual([[2, 4, 6]]);
  });

  test('is done by itself where it fails, so that only one that is to blame is told so', async () => {
    expect(await settle(new Turns(halve), [2, 3, 6])).toEqual([1, '3 cannot be halved', 3]);
    expect(runs).toEqual([[2, 3, 6], [2], [3], [6]]);
  });

  test('is no more at once than there may be', async () => {
    const turns = new Turns(halve, 2);
    expect(await settle(turns, [2, 4, 6])).toEqual([1, 2, 3]);
    expect(runs).toEqual([[2, 4], [6]]);
    expect(await settle(new Turns(halve, 1), [3, 4])).toEqual(['3 cannot be halved', 2]);
  });
});
