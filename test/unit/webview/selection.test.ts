import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addFound,
  ofTurn,
  rangeTo,
  shapesWithin,
  toggleShape,
  turnOfHeld,
} from '../../../webview/trace/model/selection';
import { shapesOn } from '../../../webview/trace/model/shapes';
import type { ShapeId } from '../../../webview/trace/model/turn-view';
import { ANSWER, documentOf, drawing } from './documents';

const DOCUMENT = documentOf([
  drawing([1, 'a', 1], [1, 'b', 5], [1, 'c', 9]),
  drawing([2, 'd', 2], [2, 'b', 6], [2, 'e', 7]),
  ANSWER,
]);
const shapes = (image: number) => {
  const found = DOCUMENT.images[image - 1];
  return found ? shapesOn(DOCUMENT, found) : [];
};

describe('a range of shapes', () => {
  it('goes from the one that was selected first, in either direction', () => {
    expect(rangeTo(shapes(2), ['0.0'], '0.2')).toEqual(['0.0', '0.1', '0.2']);
    expect(rangeTo(shapes(2), ['0.2', '0.1'], '0.0')).toEqual(['0.2', '0.1', '0.0']);
    expect(rangeTo(shapes(2), [], '0.1')).toEqual(['0.1']);
  });

  it('leaves out what other turns drew, and starts anew with one of another turn', () => {
    expect(shapes(3).map(({ id }) => id)).toEqual(['0.0', '1.1', '0.2', '1.0', '1.2', '0.1']);
    expect(rangeTo(shapes(3), ['0.0'], '0.2')).toEqual(['0.0', '0.2']);
    expect(rangeTo(shapes(3), ['0.0'], '1.0')).toEqual(['1.0']);
  });
});

describe('a band around shapes', () => {
  const found = (left: number, right: number) => shapesWithin(shapes(3), { left, top: 0, right, bottom: 80 });

  it('finds those that lie within it altogether', () => {
    expect(found(5, 31).map(({ id }) => id)).toEqual(['1.1', '0.2', '1.2', '0.1']);
    expect(found(5, 30)).toEqual([]);
  });

  it('holds those of the turn that is held, else of the chosen one, else of the one on top', () => {
    expect(addFound(['0.0'], found(5, 31), 1)).toEqual(['0.0', '0.2', '0.1']);
    expect(addFound([], found(5, 31), 1)).toEqual(['1.1', '1.2']);
    expect(addFound([], found(9, 31), 1)).toEqual(['0.2']);
    expect(addFound(['0.0'], [], 1)).toEqual(['0.0']);
  });
});

it('all of a turn are those that it drew', () => {
  expect(ofTurn(shapes(3), 1)).toEqual(['1.1', '1.0', '1.2']);
  expect(ofTurn(shapes(3), null)).toEqual([]);
});

it('what is held is of one turn, and each shape once, whatever is toggled', () => {
  const ids = shapes(3).map(({ id }) => id);
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...ids)), (clicks) => {
      const held = clicks.reduce<readonly ShapeId[]>(toggleShape, []);
      expect(new Set(held).size).toBe(held.length);
      expect(held.every((id) => id.startsWith(`${turnOfHeld(held)}.`))).toBe(true);
    }),
  );
});
