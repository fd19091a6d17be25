import type { Size } from '../trace/geometry';
import type { PromptProfile } from './profile';
import type { Question } from './question';
import { fillTemplate, parseTemplate, TemplateError } from './template';

/** A piece of a message to the model: text, or the image of this number. */
export type PromptPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly number: number };

/** An image that a message shows: its number, and its size in model space. */
export interface ShownImage {
  readonly number: number;
  readonly size: Size;
}

/** The system message; `size` is that of image 1 in model space. */
export function renderSystem(profile: PromptProfile, size: Size): string {
  return fillTemplate(profile.system, { width: size.width, height: size.height });
}

/** The message that asks the question; `sizes` are those of the input images in model space. */
export function renderQuestion(
  profile: PromptProfile,
  question: Omit<Question, 'gold'>,
  sizes: readonly Size[],
): PromptPart[] {
  const { single, multiView, video, options, instructions } = profile.question;
  const asked = {
    question: question.text,
    options:
      question.options.length > 0 ? fillTemplate(options, { options: question.options.join('\n') }) : '',
    instruction: fillTemplate(instructions[question.type], {}),
  };
  const images = sizes.map((size, i) => valuesOf({ number: i + 1, size }));
  if (question.kind === 'single') return fill(single, { ...asked, ...images[0] });
  const { image, message } = question.kind === 'video' ? video : multiView;
  const lines = images.flatMap((values) => fill(image, values));
  return fill(message, { ...asked, images: lines, count: sizes.length });
}

/** The message after a turn that drew `images`, at least one. With `final` it asks for the answer. */
export function renderDrawn(
  profile: PromptProfile,
  images: readonly [ShownImage, ...ShownImage[]],
  final: boolean,
): PromptPart[] {
  const { next, final: answerNow, one, earlier, last } = profile.drawn;
  const parts = images.flatMap((image, i) => {
    const values = valuesOf(image);
    if (i < images.length - 1) return fill(earlier, values);
    const message = fill(final ? answerNow : next, values);
    return fill(images.length === 1 ? one : last, { ...values, message });
  });
  return merge(parts);
}

const valuesOf = ({ number, size }: ShownImage) => ({
  image: [{ type: 'image' as const, number }],
  index: number,
  width: size.width,
  height: size.height,
});

/** A template with the values of its placeholders, which may be parts themselves. */
function fill(
  template: string,
  values: Readonly<Record<string, string | number | readonly PromptPart[]>>,
): PromptPart[] {
  const parts = parseTemplate(template).flatMap((piece): readonly PromptPart[] => {
    if (piece.type === 'text') return [piece];
    const value = values[piece.name];
    if (value === undefined) throw new TemplateError(`nothing to put for {${piece.name}}`);
    return typeof value === 'object' ? value : [{ type: 'text', text: String(value) }];
  });
  return merge(parts);
}

/** Texts next to one another are one; empty ones are none. */
function merge(parts: readonly PromptPart[]): PromptPart[] {
  const merged: PromptPart[] = [];
  for (const part of parts) {
    const before = merged.at(-1);
    if (part.type === 'text' && part.text === '') continue;
    if (part.type === 'text' && before?.type === 'text') {
      merged[merged.length - 1] = { type: 'text', text: before.text + part.text };
    } else merged.push(part);
  }
  return merged;
}
