import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withDerived } from '../../../src/trace/derive';
import { applyChanges, type Change } from '../../../src/trace/edit/change';
import { changeDrawings, removeDrawings } from '../../../src/trace/edit/drawing-changes';
import { setField } from '../../../src/trace/edit/field-changes';
import { setThink } from '../../../src/trace/edit/prose-changes';
import { insertTurn, moveTurn, removeTurn } from '../../../src/trace/edit/turn-changes';
import { formatAnswerTurn, formatDrawingTurn } from '../../../src/trace/format-turn';
import type { Trace } from '../../../src/trace/trace';
import { jsonLines, jsonRuns, prettyJson } from '../../../webview/trace/history/json-rows';
import { pictureChanges } from '../../../webview/trace/history/picture-changes';
import { textChanges } from '../../../webview/trace/history/text-changes';
import { anySteps, changesOf, smallTrace } from '../trace/edit/random-traces';
import { traceOf } from '../trace/edit/traces';

const box = (index: number, x: number, label: string) =>
  ({ index, bbox_2d: [x, 1, x + 8, 9], label }) as const;
const trace = withDerived(
  traceOf([
    formatDrawingTurn('A cup.', [box(1, 10, 'cup')]),
    formatDrawingTurn('A plate.', [box(2, 30, 'plate')]),
    formatAnswerTurn('Left.', 'left'),
  ]),
);

function textsOf(changes: readonly Change[]) {
  return textChanges(trace, applyChanges(trace, changes), changes).map(({ title, note, pieces }) => {
    const marks = { same: '', removed: '-', added: '+' };
    const words = pieces.filter(({ kind }) => kind !== 'same').map(({ kind, text }) => marks[kind] + text);
    return [title, note, words.join(' ')];
  });
}

describe('what changed in the words', () => {
  it('is told by turn, word by word', () => {
    expect(textsOf(setThink(trace, 1, 'A dish.'))).toEqual([['Turn 2', null, '-plate +dish']]);
  });

  it('and by field', () => {
    expect(textsOf(setField(trace, 'gold', 'left'))).toEqual([['Right Answer', null, '-B +left']]);
    expect(textsOf(setField(trace, 'question', '')).map(([title]) => title)).toEqual(['Question']);
  });

  it('names turns that are new, gone or moved', () => {
    const text = formatAnswerTurn('Hm.', 'hm');
    expect(textsOf(insertTurn(trace, 1, text))).toEqual([['Turn 2', 'new', `+${text}`]]);
    expect(textsOf(removeTurn(trace, 0))).toEqual([['Turn 1', 'removed', `-${trace.turns[0]?.text}`]]);
    expect(textsOf(moveTurn(trace, 0, 1))).toEqual([['Turn 2', 'moved: it was turn 1', '']]);
  });

  it('is nothing where nothing changed', () => expect(textsOf([])).toEqual([]));
});

describe('what changed in the JSON', () => {
  it('is told line by line, and word by word where a line took the place of another', () => {
    const lines = jsonLines('{\n  "a": [1, 2],\n  "b": 3\n}', '{\n  "a": [1, 5],\n  "b": 3\n}');
    const shown = lines.map(({ kind, before, after, pieces }) => {
      return [
        kind,
        before,
        after,
        pieces.map((one) => (one.kind === 'same' ? one.text : `<${one.text}>`)).join(''),
      ];
    });
    expect(shown).toEqual([
      ['same', 1, 1, '{'],
      ['removed', 2, null, '  "a": [1, <2>],'],
      ['added', null, 2, '  "a": [1, <5>],'],
      ['same', 3, 3, '  "b": 3'],
      ['same', 4, 4, '}'],
    ]);
  });

  it('has lists of numbers on one line, and texts as they are', () => {
    expect(prettyJson({ at: [1, -2.5], text: '[\n1\n]', empty: [], words: ['a'] })).toBe(
      '{\n  "at": [1, -2.5],\n  "text": "[\\n1\\n]",\n  "empty": [],\n  "words": [\n    "a"\n  ]\n}',
    );
  });

  it('folds what is the same, but for what is beside a change', () => {
    const after = applyChanges(trace, setField(trace, 'question', 'What else?'));
    const runs = jsonRuns(trace, after);
    expect(runs.map(({ folded }) => folded)).toEqual([false, true]);
    expect(jsonRuns(trace, trace)).toEqual([]);
  });

  it('puts both texts together again, whatever was changed', () => {
    fc.assert(
      fc.property(smallTrace, anySteps, (before, steps) => {
        const after = applyChanges(before, changesOf(before, steps));
        const lines = jsonRuns(before, after).flatMap((run) => run.lines);
        if (lines.length === 0) {
          expect(prettyJson(after)).toBe(prettyJson(before));
          return;
        }
        const side = (of: Trace, own: 'removed' | 'added') => {
          const own_ = lines.filter(({ kind }) => kind === 'same' || kind === own);
          const text = own_.map(({ pieces }) => pieces.map((piece) => piece.text).join('')).join('\n');
          expect(text).toBe(prettyJson(withDerived(of)));
        };
        side(before, 'removed');
        side(after, 'added');
      }),
      { seed: 32, numRuns: 100 },
    );
  });
});

describe('what changed in the pictures', () => {
  const picture = (changes: readonly Change[]) => {
    const { drawings, pictures } = pictureChanges(trace, applyChanges(trace, changes), changes);
    return {
      drawings: drawings.map(({ kind, turn, text }) => [kind, turn, text]),
      pictures: pictures.map(({ before, after }) => [before?.number ?? null, after?.number ?? null]),
    };
  };

  it('is what was drawn otherwise, and every image that shows it', () => {
    const moved = changeDrawings(trace, 0, new Map([[0, { coordinates: [11, 1, 19, 9] }]]));
    expect(picture(moved)).toEqual({
      drawings: [['changed', 0, 'box “cup”: [10, 1, 18, 9] became [11, 1, 19, 9]']],
      pictures: [
        [2, 2],
        [3, 3],
      ],
    });
  });

  it('or what is called otherwise, or is on another image', () => {
    const renamed = changeDrawings(trace, 1, new Map([[0, { label: 'dish' }]]));
    expect(picture(renamed).drawings).toEqual([['changed', 1, 'box “plate”: now called “dish”']]);
    const elsewhere = changeDrawings(trace, 1, new Map([[0, { index: 1 }]]));
    expect(picture(elsewhere)).toEqual({
      drawings: [['changed', 1, 'box “plate”: from image 2 to image 1']],
      pictures: [[3, 3]],
    });
  });

  it('or what is gone, with its image', () => {
    expect(picture(removeDrawings(trace, 1, [0]))).toEqual({
      drawings: [['removed', 1, 'box “plate”, [30, 1, 38, 9] on image 2']],
      pictures: [[3, null]],
    });
  });

  it('or what came new', () => {
    const added = insertTurn(trace, 2, formatDrawingTurn('A fork.', [box(3, 50, 'fork')]));
    expect(picture(added)).toEqual({
      drawings: [['added', 2, 'box “fork”, [50, 1, 58, 9] on image 3']],
      pictures: [[null, 4]],
    });
  });

  it('is nothing where only words changed', () => {
    expect(picture(setThink(trace, 0, 'Well.'))).toEqual({ drawings: [], pictures: [] });
  });
});
