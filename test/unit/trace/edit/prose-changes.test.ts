import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EditRefused } from '../../../../src/trace/edit/edit-refused';
import { setAction, setAnswer, setText, setThink } from '../../../../src/trace/edit/prose-changes';
import { parseTurn } from '../../../../src/trace/parse-turn';
import { textsAfter, traceOf } from './traces';
import { anyTurnText, runs } from './turn-texts';

const textAfter = (
  text: string,
  change: (trace: ReturnType<typeof traceOf>) => Parameters<typeof textsAfter>[1],
) => {
  const trace = traceOf([text]);
  return textsAfter(trace, change(trace))[0] ?? '';
};

describe('think text', () => {
  it.each([
    ['<think> a b </think> Action: Answer', '<think> new </think> Action: Answer'],
    ['<think>a\n</think> x', '<think>new\n</think> x'],
    ['<think></think> x', '<think> new </think> x'],
    ['Action: Answer', '<think> new </think> Action: Answer'],
  ])('takes the place of the old one: %j', (text, wanted) => {
    expect(textAfter(text, (trace) => setThink(trace, 0, 'new'))).toBe(wanted);
  });

  it.each([
    ['<think> a', 'b'],
    ['<think> a </think> x', 'b </think> c'],
  ])('that would not be read as such is refused: %j', (text, think) => {
    expect(() => setThink(traceOf([text]), 0, think)).toThrow(EditRefused);
  });
});

describe('an action', () => {
  it.each([
    ['<think> a </think> Action: Lasso \nx', '<think> a </think> Action: Path Tracer \nx'],
    ['<think> a </think> Action:\n```', '<think> a </think> Action:\nPath Tracer\n```'],
    ['<think> a </think>', '<think> a </think> Action: Path Tracer'],
    ['<think> a </think> x', '<think> a </think> Action: Path Tracer\n x'],
  ])('is named where the format wants it: %j', (text, wanted) => {
    expect(textAfter(text, (trace) => setAction(trace, 0, 'Path Tracer'))).toBe(wanted);
  });

  it('is refused in a turn without think text to follow', () => {
    expect(() => setAction(traceOf(['x']), 0, 'Answer')).toThrow(
      'The text of turn 1 is too unusual to be changed this way; edit the text itself.',
    );
  });
});

describe('an answer', () => {
  it.each([
    [
      '<think> a </think> Action: Answer\n<answer> A </answer>',
      'B',
      '<think> a </think> Action: Answer\n<answer> B </answer>',
    ],
    ['<think> a </think> Action: Answer', 'B', '<think> a </think> Action: Answer\n<answer> B </answer>'],
    ['<think> a </think>', 'B', '<think> a </think> Action: Answer\n<answer> B </answer>'],
    ['a', 'B', 'a\n<answer> B </answer>'],
    ['<think> a </think> Action: Answer\n<answer> A </answer>\n', null, '<think> a </think> Action: Answer'],
    ['<answer>A</answer> so', null, ' so'],
    ['a', null, 'a'],
  ])('in %j becomes %j', (text, answer, wanted) => {
    expect(textAfter(text, (trace) => setAnswer(trace, 0, answer))).toBe(wanted);
  });

  it('that would not be read as such is refused', () => {
    expect(() => setAnswer(traceOf(['<answer> a']), 0, 'b')).toThrow(EditRefused);
    expect(() => setAnswer(traceOf(['a']), 0, 'b</answer>c')).toThrow(EditRefused);
  });
});

describe('whatever the form of a turn', () => {
  /** The text after the change; null where it was refused. */
  const attempt = (text: string, change: Parameters<typeof textAfter>[1]): string | null => {
    try {
      return textAfter(text, change);
    } catch (error) {
      if (error instanceof EditRefused) return null;
      throw error;
    }
  };

  it('one thing it says becomes another, and the rest stays', () => {
    fc.assert(
      fc.property(anyTurnText, fc.constantFrom('so', ' it is  ', 'über 😀'), (text, words) => {
        const before = parseTurn(text);
        const thought = attempt(text, (trace) => setThink(trace, 0, words));
        if (before.think !== null) expect(thought).not.toBeNull();
        const named = attempt(text, (trace) => setAction(trace, 0, 'Path Tracer'));
        if (before.think !== null) expect(named).not.toBeNull();
        const answered = attempt(text, (trace) => setAnswer(trace, 0, words));
        if (before.think !== null) expect(answered).not.toBeNull();
        if (thought) expect(parseTurn(thought)).toMatchObject({ think: words.trim(), answer: before.answer });
        if (named)
          expect(parseTurn(named)).toMatchObject({ action: 'Path Tracer', drawings: before.drawings });
        if (answered)
          expect(parseTurn(answered)).toMatchObject({ answer: words.trim(), drawings: before.drawings });
      }),
      { ...runs(500), seed: 31 },
    );
  });

  it('its text can become any other', () => {
    const anyText = fc.oneof(anyTurnText, fc.string({ unit: 'binary', maxLength: 9 }));
    fc.assert(
      fc.property(anyText, anyText, (text, other) => {
        expect(textAfter(text, (trace) => setText(trace, 0, other))).toBe(other);
      }),
      { ...runs(500), seed: 32 },
    );
  });
});
