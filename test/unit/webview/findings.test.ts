import { describe, expect, it } from 'vitest';
import { openDraft } from '../../../webview/trace/model/draft';
import { draftFindings, findingsOf, gravest } from '../../../webview/trace/model/findings';
import { ANSWER, documentOf, drawing } from './documents';

const codes = (findings: readonly { readonly code: string }[] | undefined) =>
  findings?.map(({ code }) => code);

describe('the findings of a trace as a whole', () => {
  it('stand with the turn that they are about, those that are nothing wrong last', () => {
    const { turns } = documentOf([drawing([1, 'a']), drawing([2, 'a', 5], [1, 'b', -5]), ANSWER]);
    expect(turns.map(({ findings }) => codes(findings))).toEqual([[], ['out-of-image', 'revision'], []]);
  });

  it('stand with the question where there is no turn', () => {
    const document = documentOf([], {}, 46);
    expect(codes(document.findings)).toEqual(['too-many-images']);
  });

  it('wait until a run is over', () => {
    const going = documentOf([drawing([1, 'a'])], { run: { state: 'running' } });
    expect(codes(going.turns[0]?.findings)).toEqual([]);
    const ended = documentOf([drawing([1, 'a'])], { run: { state: 'ended' } });
    expect(codes(ended.turns[0]?.findings)).toEqual(['no-answer']);
  });
});

it('what is found of a shape is what lies in its JSON', () => {
  const document = documentOf([drawing([1, 'a', -1], [1, 'b']), drawing([2, 'b', 3]), ANSWER]);
  expect(codes(findingsOf(document, '0.0'))).toEqual(['out-of-image']);
  expect(codes(findingsOf(document, '0.1'))).toEqual([]);
  expect(codes(findingsOf(document, '1.0'))).toEqual(['revision']);
  expect(findingsOf(document, '1.7')).toEqual([]);
  expect(findingsOf(document, '9.0')).toEqual([]);
});

it('the gravest finding gives a shape its sign', () => {
  const of = (...severities: ('error' | 'warning' | 'information')[]) =>
    gravest(severities.map((severity) => ({ severity })));
  expect([of(), of('information'), of('information', 'error', 'warning')]).toEqual([
    null,
    'information',
    'error',
  ]);
});

describe('a turn that is being written', () => {
  const document = documentOf([drawing([1, 'a']), ANSWER]);
  const draft = openDraft(0, document.turns[0]?.text ?? '');

  it('has the findings that it would have', () => {
    const text = drawing([1, 'a', -5], [2, 'b']);
    expect(codes(draftFindings(document, { ...draft, mode: 'text', text }))).toEqual([
      'out-of-image',
      'no-such-image',
    ]);
    expect(codes(draftFindings(document, { ...draft, answer: 'B' }))).toContain('answer-not-last');
    expect(draftFindings(document, draft)).toEqual([]);
  });

  it('has none where it cannot be written so', () => {
    const odd = documentOf(['no tags', ANSWER]);
    expect(
      draftFindings(odd, {
        ...openDraft(0, 'no tags'),
        mode: 'parts',
        think: 'I think.',
        answer: '</answer>',
      }),
    ).toEqual([]);
  });
});
