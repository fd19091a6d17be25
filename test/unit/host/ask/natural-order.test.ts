import { expect, it } from 'vitest';
import { inNaturalOrder } from '../../../../src/host/ask/natural-order';

it('counts as people do, folder by folder', () => {
  const sorted = ['/a/f1.png', '/a/f2.png', '/a/f10.png', '/a2/f1.png', '/a10/F3.PNG', '/a10/f20.png'];
  expect(inNaturalOrder([...sorted].reverse())).toEqual(sorted);
});

it('has one order for names that differ in case or zeros only', () => {
  const names = ['/a/f01.png', '/a/F1.png', '/a/f1.png'];
  expect(inNaturalOrder(names)).toEqual(inNaturalOrder([...names].reverse()));
});
