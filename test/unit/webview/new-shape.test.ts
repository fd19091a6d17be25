import { describe, expect, it } from 'vitest';
import { middleOf, newDrawing, newLabel, newPlace } from '../../../webview/trace/model/new-shape';
import { ANSWER, documentOf, drawing } from './documents';

const document = documentOf([drawing([1, 'a']), drawing([2, 'new box 1']), ANSWER]);
const at = (turn: number | null, image: number) => ({ document, choice: { turn, image } });

describe('a new shape', () => {
  it('goes to the chosen turn, on the image below the picture that the turn made', () => {
    expect(newPlace(at(1, 3))).toEqual({ turn: 1, index: 2, id: '1.1' });
  });

  it('goes on the picture that is shown where the turn did not make it', () => {
    expect(newPlace(at(2, 3))).toEqual({ turn: 2, index: 3, id: '2.0' });
    expect(newPlace(at(1, 1))).toEqual({ turn: 1, index: 1, id: '1.1' });
  });

  it('makes the first turn of a trace without any', () => {
    const empty = { document: documentOf([]), choice: { turn: null, image: 1 } };
    expect(newPlace(empty)).toEqual({ turn: null, index: 1, id: '0.0' });
    expect(newPlace({ document: null, choice: { turn: null, image: 1 } })).toBe(null);
  });

  it('has a label that nothing near it has', () => {
    expect(newLabel(at(0, 2), 'box')).toBe('new box 1');
    expect(newLabel(at(1, 3), 'box')).toBe('new box 2');
    expect(newLabel(at(1, 3), 'line')).toBe('new line 1');
  });

  it('takes the middle third of the image where nobody says where', () => {
    const quad = middleOf({ left: 0, top: 0, right: 90, bottom: 60 });
    expect(newDrawing('box', 2, quad, 'x')).toEqual({ index: 2, bbox_2d: [30, 20, 60, 40], label: 'x' });
    expect(newDrawing('line', 2, quad, 'x')).toMatchObject({
      start_point_2d: [30, 20],
      end_point_2d: [60, 40],
    });
  });
});
