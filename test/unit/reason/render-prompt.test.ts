import { describe, expect, it } from 'vitest';
import { defaultProfile } from '../../../src/reason/default-profile';
import { PROFILE_FORMAT, type PromptProfile } from '../../../src/reason/profile';
import {
  type PromptPart,
  renderDrawn,
  renderQuestion,
  renderSystem,
} from '../../../src/reason/render-prompt';

/** Invented words, with line ends and images where ViLaSR's evaluation puts them. */
const profile: PromptProfile = {
  format: PROFILE_FORMAT,
  system: '### Rules:\nDraw {{"index": i}} up to ({width}, {height})',
  question: {
    single: '{image}\n### Asked:\n{question}{options}\nThere is image 1.{instruction}\n\nStart now:\n',
    multiView: {
      image: '{image}There is image {index} (w: {width}, h: {height}).\n',
      message: '{images}\n### Asked:\n{question}{options}{instruction}\n\nStart now:\n',
    },
    video: {
      image: '{image}There is frame {index} (w: {width}, h: {height}).\n',
      message:
        '{images}\n### Asked:\nFrames 1 to {count}.\n\nFind out:\n{question}{options}{instruction}\n\nStart now:\n',
    },
    options: '\n{options}',
    instructions: { 'multiple-choice': '\nName a letter.', numerical: '\nName a number.', 'free-form': '' },
  },
  drawn: {
    next: 'There is image {index} (w: {width}, h: {height}). Carry on:',
    final: 'There is image {index} (w: {width}, h: {height}). Stop and answer:',
    one: '{image}\n{message}\n',
    earlier: '{image}There is image {index} (w: {width}, h: {height}).\n',
    last: '{image}{message}\n\n',
  },
};

const PAD = '<|vision_start|><|image_pad|><|vision_end|>';
const text = (parts: readonly PromptPart[]): string =>
  parts.map((part) => (part.type === 'text' ? part.text : PAD)).join('');
const message = (role: string, content: string): string => `<|im_start|>${role}\n${content}<|im_end|>\n`;
const size = { width: 616, height: 448 };
const question = {
  text: 'Where?',
  options: ['A. here', 'B. there'],
  type: 'multiple-choice',
  kind: 'single',
} as const;

describe('through the chat template a conversation is the string that upstream puts together', () => {
  const start =
    message('system', renderSystem(profile, size)) +
    message('user', text(renderQuestion(profile, question, [size])));

  it('for a question about one image', () => {
    expect(`${start}<|im_start|>assistant\n`).toBe(
      '<|im_start|>system\n### Rules:\nDraw {"index": i} up to (616, 448)<|im_end|>\n' +
        `<|im_start|>user\n${PAD}\n### Asked:\nWhere?\nA. here\nB. there\nThere is image 1.\nName a letter.\n\nStart now:\n<|im_end|>\n` +
        '<|im_start|>assistant\n',
    );
  });

  // Upstream joins turns with "<|im_end|>\n<|im_start|>user\n{pad}\n{prompt}\n<|im_end|>\n<|im_start|>assistant\n".
  const joint = (pad: string, prompt: string) =>
    `<|im_end|>\n<|im_start|>user\n${pad}\n${prompt}\n<|im_end|>\n<|im_start|>assistant\n`;
  const conversation = (...drawn: PromptPart[][]) =>
    `${start}${drawn.map((parts) => message('assistant', 'I draw.') + message('user', text(parts))).join('')}<|im_start|>assistant\n`;

  it('for turns that draw one image each, the last of them before the forced answer', () => {
    const rendered = conversation(
      renderDrawn(profile, [{ number: 2, size }], false),
      renderDrawn(profile, [{ number: 3, size }], true),
    );
    expect(rendered).toBe(
      `${start}<|im_start|>assistant\nI draw.${joint(PAD, 'There is image 2 (w: 616, h: 448). Carry on:')}` +
        `I draw.${joint(PAD, 'There is image 3 (w: 616, h: 448). Stop and answer:')}`,
    );
  });

  it('for a turn that draws three images, where all words go to the pad and the prompt is empty', () => {
    const images = [2, 3, 4].map((number) => ({ number, size }));
    const [first, ...rest] = images;
    if (!first) throw new Error('no image');
    const pad =
      `${PAD}There is image 2 (w: 616, h: 448).\n${PAD}There is image 3 (w: 616, h: 448).\n` +
      `${PAD}There is image 4 (w: 616, h: 448). Carry on:`;
    expect(conversation(renderDrawn(profile, [first, ...rest], false))).toBe(
      `${start}<|im_start|>assistant\nI draw.${joint(pad, '')}`,
    );
  });

  it('for several views and for the frames of a video', () => {
    const sizes = [size, { width: 28, height: 56 }];
    const views = text(renderQuestion(profile, { ...question, kind: 'multi-view' }, sizes));
    expect(views).toBe(
      `${PAD}There is image 1 (w: 616, h: 448).\n${PAD}There is image 2 (w: 28, h: 56).\n` +
        '\n### Asked:\nWhere?\nA. here\nB. there\nName a letter.\n\nStart now:\n',
    );
    const frames = text(
      renderQuestion(profile, { ...question, kind: 'video', type: 'numerical', options: [] }, sizes),
    );
    expect(frames).toBe(
      `${PAD}There is frame 1 (w: 616, h: 448).\n${PAD}There is frame 2 (w: 28, h: 56).\n` +
        '\n### Asked:\nFrames 1 to 2.\n\nFind out:\nWhere?\nName a number.\n\nStart now:\n',
    );
  });
});

describe('what is put into a template', () => {
  it('is no template: braces and dollar signs in a question stay as they are', () => {
    const odd = { ...question, text: 'Is {width} $& {{?', options: ['A. {image}'] };
    expect(text(renderQuestion(profile, odd, [size]))).toContain('Is {width} $& {{?\nA. {image}\n');
  });

  it('makes images parts of their own, with texts between them joined', () => {
    const parts = renderQuestion(defaultProfile, { ...question, kind: 'video' }, [size, size]);
    expect(parts.map(({ type }) => type)).toEqual(['image', 'text', 'image', 'text']);
  });
});
