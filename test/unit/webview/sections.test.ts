import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findMentions } from '../../../webview/trace/model/mentions';
import { cutSections, proseSpans } from '../../../webview/trace/model/sections';
import type { TurnView } from '../../../webview/trace/model/turn-view';
import { ANSWER, documentOf, drawing } from './documents';

function turnOf(text: string, finished = true): TurnView {
  const turn = (finished ? documentOf([text]) : documentOf([], { speaking: text })).turns[0];
  if (!turn) throw new Error('There is a turn.');
  return turn;
}

const parts = (turn: TurnView) =>
  cutSections(turn, [])
    .map(({ role, pieces }) => [role, pieces.map(({ start, end }) => turn.text.slice(start, end)).join('')])
    .filter(([role]) => role !== 'markup');

describe('the text of a turn', () => {
  it('is cut into think text, action, blocks and answer, and what is between them', () => {
    expect(parts(turnOf(drawing([1, 'a'])))).toEqual([
      ['think', 'I draw.'],
      ['action', 'Object Mapper'],
      ['block', '[{"index": 1, "bbox_2d": [1, 2, 30, 40], "label": "a"}]'],
    ]);
    expect(parts(turnOf(ANSWER))).toEqual([
      ['think', 'Done.'],
      ['action', 'Answer'],
      ['answer', 'C'],
    ]);
  });

  it('has a place for what the format has none for', () => {
    expect(parts(turnOf(`Well. ${ANSWER} That is all.`))).toEqual([
      ['stray', 'Well. '],
      ['think', 'Done.'],
      ['action', 'Answer'],
      ['answer', 'C'],
      ['stray', ' That is all.'],
    ]);
  });

  it('has its parts while it is being said, which nothing closes yet', () => {
    expect(parts(turnOf('<think> At the', false))).toEqual([['think', 'At the']]);
    expect(parts(turnOf('<think> a </think> Action: Ans', false)).at(-1)).toEqual(['action', 'Ans']);
    expect(parts(turnOf('<think> a </think> Action: Answer\n<answer> C', false)).at(-1)).toEqual([
      'answer',
      'C',
    ]);
  });

  it('says of each piece of JSON which shape it is', () => {
    const turn = turnOf(drawing([1, 'a'], [1, 'b']));
    const pieces = cutSections(turn, []).flatMap((section) => section.pieces);
    expect(
      pieces
        .filter(({ json }) => json !== null)
        .map(({ json, start, end }) => [json, turn.text.slice(start, end)]),
    ).toEqual([
      ['0.0', '{"index": 1, "bbox_2d": [1, 2, 30, 40], "label": "a"}'],
      ['0.1', '{"index": 1, "bbox_2d": [1, 2, 30, 40], "label": "b"}'],
    ]);
  });

  it('has its findings where they are, but for those about all of it', () => {
    const turn = turnOf('<think> a </think> Action: Dance\n<answer> C </answer>');
    const marked = cutSections(turn, []).flatMap(({ pieces }) =>
      pieces.filter(({ findings }) => findings.length > 0),
    );
    expect(marked.map(({ start, end, findings }) => [turn.text.slice(start, end), findings])).toEqual([
      ['Dance', [0]],
    ]);
  });

  it('is searched for names where it thinks and answers, blocks left out', () => {
    const text = '<think> a\n```json\n[]\n``` b </think> Action: Answer\n<answer> c </answer>';
    expect(proseSpans(turnOf(text)).map(({ start, end }) => text.slice(start, end))).toEqual([
      'a\n```json\n',
      '``` b',
      'c',
    ]);
  });

  it('is there as a whole and once, whatever the model says', () => {
    const part = fc.constantFrom(
      '<think>',
      '</think>',
      ' Action: ',
      'Answer\n',
      '<answer>',
      '</answer>',
      '\n```json\n',
      '```',
      '[{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "box"}]',
      '{"index": 0}',
      ' box ',
      '\n',
      'NaN',
    );
    const texts = fc.array(part, { maxLength: 14 }).map((all) => all.join(''));
    fc.assert(
      fc.property(texts, fc.boolean(), (text, finished) => {
        const turn = turnOf(text, finished);
        const mentions = findMentions(text, proseSpans(turn), (name) => (name === 'box' ? '0.0' : undefined));
        const pieces = cutSections(turn, mentions).flatMap((section) => section.pieces);
        expect(pieces.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
        for (const { start, end } of pieces) expect(end).toBeGreaterThan(start);
      }),
      { numRuns: process.env.VILASR_LONG === '1' ? 20_000 : 500, seed: 7 },
    );
  });
});
