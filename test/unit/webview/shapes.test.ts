import { describe, expect, it } from 'vitest';
import type { LineageImage } from '../../../src/trace/lineage';
import { contrasting, shapesOn } from '../../../webview/trace/model/shapes';
import type { TraceDocument } from '../../../webview/trace/model/trace-document';
import { documentOf, drawing } from './documents';

const LINE = `<think> I draw. </think> Action: Path Tracer
\`\`\`json
[{"index": 1, "start_point_2d": [1, 2], "end_point_2d": [3, 4], "label": "way"}, {"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "a"}]
\`\`\``;

function image({ images }: TraceDocument, number: number): LineageImage {
  const found = images[number - 1];
  if (!found) throw new Error(`There is no image ${number}.`);
  return found;
}

const list = (document: TraceDocument, number: number) =>
  shapesOn(document, image(document, number)).map(({ id, number, colour, fresh, ghost }) => [
    id,
    number,
    colour.name,
    fresh ? 'new' : ghost ? 'ghost' : 'old',
  ]);

describe('the shapes on an image', () => {
  it('are numbered and coloured by their place in the list, boxes before lines', () => {
    expect(list(documentOf([LINE]), 2)).toEqual([
      ['0.1', 1, 'red', 'new'],
      ['0.0', 2, 'black', 'new'],
    ]);
  });

  it('say which turn drew them: the last one is new', () => {
    expect(list(documentOf([drawing([1, 'a']), drawing([2, 'b'])]), 3)).toEqual([
      ['0.0', 1, 'red', 'old'],
      ['1.0', 2, 'green', 'new'],
    ]);
  });

  it('have ghosts at their end, with the number and colour of what took their place', () => {
    const document = documentOf([drawing([1, 'a'], [1, 'b']), drawing([2, 'b', 9]), drawing([3, 'b', 5])]);
    expect(list(document, 4)).toEqual([
      ['0.0', 1, 'red', 'old'],
      ['2.0', 2, 'green', 'new'],
      ['0.1', 2, 'green', 'ghost'],
      ['1.0', 2, 'green', 'ghost'],
    ]);
  });
});

describe('what stands out from a colour', () => {
  it('is black on light ones and white on dark ones', () => {
    expect(contrasting({ colour: [255, 255, 0] })).toBe('black');
    expect(contrasting({ colour: [255, 0, 0] })).toBe('black');
    expect(contrasting({ colour: [0, 0, 255] })).toBe('white');
    expect(contrasting({ colour: [0, 128, 0] })).toBe('white');
  });
});
