import { describe, expect, it } from 'vitest';
import { withDerived } from '../../../src/trace/derive';
import { applyChanges } from '../../../src/trace/edit/change';
import type { Trace } from '../../../src/trace/trace';
import {
  draftChanges,
  draftText,
  keepDraft,
  openDraft,
  openQuestion,
  questionChanges,
  splitChanges,
  type TurnDraft,
} from '../../../webview/trace/model/draft';
import { ANSWER, documentOf, drawing, shownOf } from './documents';

function traceOf(...turns: string[]): Trace {
  const { trace } = shownOf(turns);
  if (trace === null) throw new Error('There is a trace.');
  return withDerived(trace);
}

const write = (text: string, more: Partial<TurnDraft>): TurnDraft => ({ ...openDraft(0, text), ...more });

describe('a turn that is written anew', () => {
  it('is written by its parts if it has think text, else as it is', () => {
    expect(openDraft(2, ANSWER)).toMatchObject({
      mode: 'parts',
      think: 'Done.',
      action: 'Answer',
      answer: 'C',
    });
    expect(openDraft(2, 'Hm.')).toMatchObject({ mode: 'text', text: 'Hm.' });
    expect(openDraft(2, '')).toMatchObject({ mode: 'parts' });
  });

  it('changes what was written anew, and nothing where that is nothing', () => {
    const trace = traceOf(ANSWER);
    expect(draftChanges(trace, openDraft(0, ANSWER))).toEqual([]);
    const text = draftText(trace, write(ANSWER, { think: ' All done. ', answer: 'D' }));
    expect(text).toBe('<think> All done. </think> Action: Answer\n<answer> D </answer>');
    expect(draftText(trace, write(ANSWER, { answer: ' ' }))).toBe('<think> Done. </think> Action: Answer');
    expect(draftText(trace, write(ANSWER, { mode: 'text', text: 'Hm.' }))).toBe('Hm.');
  });

  it('keeps the line breaks of what was not written anew', () => {
    const text = '<think> One.\r\nTwo.\r\nThree. </think>\r\nAction: Answer\r\n<answer> C </answer>';
    const trace = traceOf(text);
    const parts = draftText(trace, write(text, { think: 'One.\nToo.\nThree.' }));
    expect(parts).toBe(text.replace('Two', 'Too'));
    const typed = text.replaceAll('\r\n', '\n').replace('C', 'D');
    expect(draftText(trace, write(text, { mode: 'text', text: typed }))).toBe(text.replace('C', 'D'));
  });

  it('is split at a place of the think text as it is written', () => {
    const text = '<think> One.\r\nTwo. </think> Action: Answer\n<answer> C </answer>';
    const draft = write(text, { think: 'One!\nTwo.' });
    const after = applyChanges(traceOf(text), splitChanges(traceOf(text), draft, 5));
    expect(after.turns.map(({ think }) => think)).toEqual(['One!', 'Two.']);
    expect(after.turns[1]?.answer).toBe('C');
  });

  it('goes along with its turn to another place, and ends with it', () => {
    const draft = openDraft(1, ANSWER);
    expect(keepDraft(draft, documentOf([drawing([1, 'a']), ANSWER]))).toBe(draft);
    expect(keepDraft(draft, documentOf([ANSWER, drawing([1, 'a'])]))).toMatchObject({ turn: 0 });
    expect(keepDraft(draft, documentOf([drawing([1, 'a'])]))).toBe(null);
  });
});

describe('a question that is written anew', () => {
  it('changes the fields that are others', () => {
    const trace = { ...traceOf(ANSWER), options: ['A. x', 'B. y'], gold: 'A' };
    const draft = openQuestion(trace);
    expect(draft).toMatchObject({ question: 'Where?', options: 'A. x\nB. y', gold: 'A' });
    expect(questionChanges(trace, draft)).toEqual([]);
    const changes = questionChanges(trace, { ...draft, options: 'A. x\n\nB. z\n', gold: ' ' });
    const { question, options, gold } = applyChanges(trace, changes);
    expect({ question, options, gold }).toEqual({
      question: 'Where?',
      options: ['A. x', 'B. z'],
      gold: null,
    });
  });
});
