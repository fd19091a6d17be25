import { describe, expect, it } from 'vitest';
import { mapLineage } from '../../../webview/trace/model/lineage-map';
import { documentOf, drawing } from './documents';

const rows = (turns: readonly string[], inputs = 1) =>
  mapLineage(documentOf(turns, {}, inputs).images).map(({ image, lane, from, through, goesOn }) => [
    image.number,
    lane,
    from,
    through,
    goesOn,
  ]);

describe('the map of images', () => {
  it('is one lane for a chain', () => {
    expect(rows([drawing([1, 'a']), drawing([2, 'b'])])).toEqual([
      [1, 0, null, [], true],
      [2, 0, 0, [], true],
      [3, 0, 0, [], false],
    ]);
  });

  it('opens a lane for all but the last that were drawn on one image, and closes it where it ends', () => {
    expect(rows([drawing([1, 'a']), drawing([1, 'b']), drawing([2, 'c']), drawing([1, 'd'])])).toEqual([
      [1, 0, null, [], true],
      [2, 1, 0, [0], true],
      [4, 1, 1, [0], false],
      [3, 1, 0, [0], false],
      [5, 0, 0, [], false],
    ]);
  });

  it('has each input followed by what was drawn on it, so that many inputs need no more lanes', () => {
    expect(rows([drawing([1, 'a'], [3, 'b'])], 3)).toEqual([
      [1, 0, null, [], true],
      [4, 0, 0, [], false],
      [2, 0, null, [], false],
      [3, 0, null, [], true],
      [5, 0, 0, [], false],
    ]);
  });

  it('is laid out for thousands of images in a row', () => {
    const turns = Array.from({ length: 3000 }, (_, i) => drawing([i + 1, 'a']));
    const laid = rows(turns);
    expect(laid.length).toBe(3001);
    expect(new Set(laid.map(([, lane]) => lane))).toEqual(new Set([0]));
  });
});
