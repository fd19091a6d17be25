import { describe, expect, it } from 'vitest';
import { readAsked } from '../../../../../src/dataset/source/formats/asked';

const message = (...lines: string[]) => lines.join('\n');

describe('the question of a message', () => {
  it('is what stands between words that are known', () => {
    const asked = readAsked(
      message(
        '<image>There is picture 1 (w: 28, h: 56).',
        '<image>There is picture 2 (w: 28, h: 56).',
        '',
        '### Asked:',
        'These frames go from 1 to 2: 1, 2.',
        '',
        'Find out:',
        'How far is the door?',
        'A. near',
        'B. far',
        'Name a letter.',
        '',
        'Start now:',
        '',
      ),
    );
    expect(asked).toMatchObject({
      question: 'How far is the door?',
      options: ['A. near', 'B. far'],
      type: 'multiple-choice',
    });
  });

  it('keeps options that stand within it', () => {
    const asked = readAsked('<image>\nWhich one?\nA. this\nB. that\nC. none\nThink well, will you?');
    expect(asked).toMatchObject({ options: [], type: null });
    expect(asked.question).toBe('Which one?\nA. this\nB. that\nC. none\nThink well, will you?');
  });

  it.each([
    ['numerical', 'Give a number (42 or 3.14).'],
    ['multiple-choice', "Please answer with the option's letter alone."],
    [null, 'Answer with a word or phrase.'],
  ])('is %s where the words after it ask for that', (type, instruction) => {
    expect(readAsked(`<image>\nWhat is it?\n${instruction}`)).toMatchObject({
      question: 'What is it?',
      type,
    });
  });

  it('is the whole message where all of it is known words, or images stand within it', () => {
    expect(readAsked('<image>\nGive a number.')).toMatchObject({ question: 'Give a number.', span: null });
    expect(readAsked('Is <image> like <image>?')).toMatchObject({ question: 'Is  like ?', span: null });
  });

  it('is not taken for words around it because it speaks of images', () => {
    for (const question of [
      'Image 1 or image 2: which shows a cup?',
      'The images show a room. How many chairs?',
    ]) {
      expect(readAsked(`<image><image>\n${question}`).question).toBe(question);
    }
  });
});
