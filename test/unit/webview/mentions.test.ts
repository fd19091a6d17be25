import { describe, expect, it } from 'vitest';
import { nameOf } from '../../../src/trace/names';
import { findMentions, LabelIndex } from '../../../webview/trace/model/mentions';
import { documentOf, drawing } from './documents';

const names = new Map<string, `${number}.${number}`>([
  ['red cube', '0.0'],
  ['cube', '0.1'],
  ['step 1', '0.2'],
  ['step 12', '0.3'],
  ['椅 子', '0.4'],
]);
const found = (text: string) =>
  findMentions(text, [{ start: 0, end: text.length }], (name) => names.get(name)).map(({ span, shape }) => [
    text.slice(span.start, span.end),
    shape,
  ]);

describe('words that name a shape', () => {
  it('are those of its label, in any case and with anything between them but words', () => {
    expect(found('The Red  cube, near STEP-1.')).toEqual([
      ['Red  cube', '0.0'],
      ['STEP-1', '0.2'],
    ]);
  });

  it('are the longest that stand there', () => {
    expect(found('red cube, blue cube')).toEqual([
      ['red cube', '0.0'],
      ['cube', '0.1'],
    ]);
  });

  it('are whole words', () => {
    expect(found('step 123, cubes, step 12')).toEqual([['step 12', '0.3']]);
  });

  it('may be of a script without spaces', () => {
    expect(nameOf('椅子')).toBe('椅 子');
    expect(found('看椅子。')).toEqual([['椅子', '0.4']]);
  });

  it('are looked for where they are asked for only', () => {
    const text = 'cube cube';
    expect(findMentions(text, [{ start: 5, end: 9 }], (name) => names.get(name))).toEqual([
      { span: { start: 5, end: 9 }, shape: '0.1' },
    ]);
  });
});

describe('what a name means in a turn', () => {
  const document = documentOf([drawing([1, 'a']), drawing([2, 'b']), drawing([3, 'a', 9], [3, 'a', 4])], {
    speaking: drawing([4, 'b', 8]),
  });
  const meaning = (turn: number, name: string) => {
    const view = document.turns[turn];
    return view && document.labels.namesIn(view, document.turns)(name);
  };

  it('is what the turn draws by that name, or else what was drawn last before it', () => {
    expect([0, 1, 2, 3].map((turn) => meaning(turn, 'a'))).toEqual(['0.0', '0.0', '2.1', '2.1']);
    expect([0, 1, 2, 3].map((turn) => meaning(turn, 'b'))).toEqual([undefined, '1.0', '1.0', '3.0']);
  });

  it('is learned of each turn once, when it is over', () => {
    const index = new LabelIndex();
    const [first, second] = document.turns;
    if (!first || !second) throw new Error('There are turns.');
    expect(index.namesIn(first, [first])('b')).toBe(undefined);
    expect(index.namesIn(second, document.turns)('a')).toBe('0.0');
  });
});
