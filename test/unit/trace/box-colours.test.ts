import { describe, expect, it } from 'vitest';
import { BOX_COLOURS, boxColour } from '../../../src/trace/box-colours';

describe('the colours of boxes', () => {
  it('begin with 23 chosen ones, go on with all named ones, and start over', () => {
    expect([0, 1, 2, 22, 23].map((position) => boxColour(position).name)).toEqual([
      'red',
      'green',
      'blue',
      'silver',
      'aliceblue',
    ]);
    expect(BOX_COLOURS.length).toBe(23 + 148);
    expect(boxColour(BOX_COLOURS.length)).toEqual({ name: 'red', colour: [255, 0, 0] });
  });
});
