import { expect, test } from 'vitest';
import { mropePositions } from '../../../../src/engine/onnx/rotary';

const rows = (positions: Int32Array) => {
  const length = positions.length / 3;
  return [0, 1, 2].map((axis) => [...positions.subarray(axis * length, (axis + 1) * length)]);
};

test('text counts on all three axes', () => {
  expect(rows(mropePositions(3, []))).toEqual([
    [0, 1, 2],
    [0, 1, 2],
    [0, 1, 2],
  ]);
});

test('an image stays at one time, spreads over rows and columns; what follows goes on from its longer side', () => {
  expect(rows(mropePositions(9, [{ start: 1, rows: 2, columns: 3 }]))).toEqual([
    [0, 1, 1, 1, 1, 1, 1, 4, 5],
    [0, 1, 1, 1, 2, 2, 2, 4, 5],
    [0, 1, 2, 3, 1, 2, 3, 4, 5],
  ]);
});
