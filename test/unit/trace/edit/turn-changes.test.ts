import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyChanges } from '../../../../src/trace/edit/change';
import { EditRefused } from '../../../../src/trace/edit/edit-refused';
import { setField } from '../../../../src/trace/edit/field-changes';
import { mergeTurns } from '../../../../src/trace/edit/merge-turns';
import { splitTurn } from '../../../../src/trace/edit/split-turn';
import { duplicateTurn, insertTurn, moveTurn, removeTurn } from '../../../../src/trace/edit/turn-changes';
import { parseTurn } from '../../../../src/trace/parse-turn';
import { sampleTrace } from '../sample-trace';
import { textsAfter, traceOf } from './traces';
import { anyTurnText, runs } from './turn-texts';

const abc = traceOf(['a', 'b', 'c']);

describe('turns', () => {
  it('are inserted, doubled, removed and moved', () => {
    expect(textsAfter(abc, insertTurn(abc, 3, 'd'))).toEqual(['a', 'b', 'c', 'd']);
    expect(textsAfter(abc, duplicateTurn(abc, 1))).toEqual(['a', 'b', 'b', 'c']);
    expect(textsAfter(abc, removeTurn(abc, 0))).toEqual(['b', 'c']);
    expect(textsAfter(abc, moveTurn(abc, 0, 2))).toEqual(['b', 'c', 'a']);
    expect(moveTurn(abc, 1, 1)).toEqual([]);
  });

  it('must be there', () => {
    expect(() => insertTurn(abc, 4, 'd')).toThrow('A turn cannot stand at place 5: there are fewer.');
    expect(() => removeTurn(abc, 3)).toThrow('There is no turn 4 in this trace.');
    expect(() => moveTurn(abc, 0, 3)).toThrow(EditRefused);
  });
});

const A = '{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "a"}';
const B = '{"index": 1, "start_point_2d": [1, 2], "end_point_2d": [3, 4], "label": "b"}';
const fence = (list: string) => `\`\`\`json\n[${list}]\n\`\`\``;

describe('a turn that is split', () => {
  const text = `<think> One. Two. </think> Action: Object Mapper\n${fence(`${A}, ${B}`)}`;
  const trace = traceOf([text]);

  it('gives two: the first has the think text up to there and the drawings that go along', () => {
    expect(textsAfter(trace, splitTurn(trace, 0, text.indexOf(' Two'), [1]))).toEqual([
      `<think> One. </think> Action: Path Tracer\n${fence(B)}`,
      `<think> Two. </think> Action: Object Mapper\n${fence(A)}`,
    ]);
  });

  it('keeps with the first what is drawn within its think text', () => {
    const inside = `<think> One.\n${fence(A)}\nTwo. </think> Action: Path Tracer\n${fence(B)}`;
    const trace = traceOf([inside]);
    expect(textsAfter(trace, splitTurn(trace, 0, inside.indexOf('Two')))).toEqual([
      `<think> One.\n${fence(A)}\n</think> Action: Object Mapper`,
      `<think> Two. </think> Action: Path Tracer\n${fence(B)}`,
    ]);
  });

  it('is split in its think text only, and not within a block', () => {
    expect(() => splitTurn(trace, 0, text.length)).toThrow('Turn 1 can be split within its think text only.');
    const inside = `<think> One.\n${fence(A)}\nTwo. </think> Action: Answer`;
    expect(() => splitTurn(traceOf([inside]), 0, inside.indexOf('index'))).toThrow('within a block');
  });
});

describe('two turns that are merged', () => {
  it('are one with both think texts, the action of the second, and the drawings of both', () => {
    const trace = traceOf([
      `<think> One. </think> Action: Object Mapper\n${fence(A)}`,
      `<think> Two. </think> Action: Path Tracer\n${fence(B)}`,
      'c',
    ]);
    expect(textsAfter(trace, mergeTurns(trace, 0))).toEqual([
      `<think> One.\nTwo. </think> Action: Path Tracer\n${fence(A)}\n${fence(B)}`,
      'c',
    ]);
  });

  it('both need think text between tags', () => {
    const trace = traceOf(['<think> a </think> Action: Answer', 'b']);
    expect(() => mergeTurns(trace, 0)).toThrow('Turn 2 has no think text between tags');
    expect(() => mergeTurns(trace, 1)).toThrow('There is no turn 3 in this trace.');
  });
});

describe('whatever the form of the turns', () => {
  const drawingsOf = (texts: readonly string[]) =>
    texts.flatMap((text) => parseTurn(text).drawings.map((one) => JSON.stringify(one)));
  const refused = (act: () => void): boolean => {
    try {
      act();
      return false;
    } catch (error) {
      if (error instanceof EditRefused) return true;
      throw error;
    }
  };
  const words = (texts: readonly string[]) =>
    texts
      .map((text) => parseTurn(text).think ?? '')
      .join('')
      .replaceAll(/```json[\s\S]*?```|\s/g, '');

  it('splitting loses no drawing and no word of the think text', () => {
    let done = 0;
    fc.assert(
      fc.property(anyTurnText, fc.nat(), fc.array(fc.nat(), { maxLength: 3 }), (text, at, some) => {
        const trace = traceOf([text]);
        const { drawings } = parseTurn(text);
        const moved = drawings.length === 0 ? [] : some.map((i) => i % drawings.length);
        const place = text.indexOf('<think>') + 7 + (at % 8);
        let after: string[] = [];
        if (refused(() => (after = textsAfter(trace, splitTurn(trace, 0, place, moved))))) return;
        done++;
        expect(drawingsOf(after).sort()).toEqual(drawingsOf([text]).sort());
        expect(words(after)).toBe(words([text]));
      }),
      { ...runs(500), seed: 41 },
    );
    expect(done).toBeGreaterThan(150);
  });

  it('merging loses no drawing and no word of the think texts', () => {
    let done = 0;
    fc.assert(
      fc.property(anyTurnText, anyTurnText, (one, two) => {
        const trace = traceOf([one, two]);
        let after: string[] = [];
        if (refused(() => (after = textsAfter(trace, mergeTurns(trace, 0))))) return;
        done++;
        expect(drawingsOf(after).sort()).toEqual(drawingsOf([one, two]).sort());
        expect(words(after)).toBe(words([one, two]));
      }),
      { ...runs(500), seed: 42 },
    );
    expect(done).toBeGreaterThan(150);
  });
});

describe('a field of the trace', () => {
  it('gets another value, which can be taken back', () => {
    const changes = [
      ...setField(sampleTrace, 'question', 'Why?'),
      ...setField(sampleTrace, 'options', []),
      ...setField(sampleTrace, 'gold', null),
      ...setField(sampleTrace, 'type', 'free-form'),
      ...setField(sampleTrace, 'kind', 'video'),
      ...setField(sampleTrace, 'images', [{ path: 'b.png', file: null, model: null }]),
    ];
    expect(applyChanges(sampleTrace, changes)).toMatchObject({
      question: 'Why?',
      options: [],
      gold: null,
      type: 'free-form',
      kind: 'video',
      images: [{ path: 'b.png' }],
    });
    expect(setField(sampleTrace, 'gold', 'B')).toEqual([]);
  });
});
