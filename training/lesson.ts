import type { RgbImage } from '../src/trace/geometry';

/** Ranges `[from, to)` of characters. */
export type Span = readonly [from: number, to: number];

/**
 * A range of characters, and where it is to be read off: the image (from 0) and its cell, row by row, the number of cells
 * standing for what follows the image; or, for `TEXT` in the image's place, the offset of a character of the conversation.
 */
export type Look = readonly [from: number, to: number, image: number, cell: number];

/**
 * Stand for the image's number where a look goes to the text: to what is copied, or to where the column and the row are
 * told from which a search goes on.
 */
export const TEXT = -1;
export const COLUMN = -2;
export const ROW = -3;

/**
 * One training example: a conversation in ChatML with one `<|image_pad|>` an image, the ranges of it that are worth
 * learning, and the images as the model sees them.
 */
export interface Lesson {
  readonly kind: 'trace' | 'drill' | 'list' | 'find';
  readonly text: string;
  readonly learn: readonly Span[];
  readonly looks: readonly Look[];
  readonly images: readonly RgbImage[];
}

/** Puts a lesson together piece by piece. */
export class LessonWriter {
  private text = '';
  private readonly learn: Span[] = [];
  private readonly looks: Look[] = [];
  private readonly images: RgbImage[] = [];

  /** Where the next words will begin: after `user`, those of the assistant. */
  get length(): number {
    return this.text.length;
  }

  system(text: string): void {
    this.text += `<|im_start|>system\n${text}<|im_end|>\n`;
  }

  /** `image` null leaves the picture out: a drill of the text alone. Returns where `text` begins in the conversation. */
  user(image: RgbImage | null, text: string): number {
    this.text += '<|im_start|>user\n';
    if (image !== null) {
      this.text += '<|vision_start|><|image_pad|><|vision_end|>';
      this.images.push(image);
    }
    const start = this.text.length;
    this.text += `${text}<|im_end|>\n<|im_start|>assistant\n`;
    return start;
  }

  /** `spans` and `looks` are offsets in `text`; a span that reaches its end also teaches to stop there. */
  assistant(text: string, spans: readonly Span[], looks: readonly Look[] = []): void {
    for (const [from, to, image, cell] of looks) {
      this.looks.push([this.text.length + from, this.text.length + to, image, cell]);
    }
    const end = '<|im_end|>';
    for (const [from, to] of spans) {
      const stop = to === text.length ? to + end.length : to;
      if (stop > from) this.learn.push([this.text.length + from, this.text.length + stop]);
    }
    this.text += `${text}${end}\n`;
  }

  finish(kind: Lesson['kind']): Lesson {
    return { kind, text: this.text, learn: this.learn, looks: this.looks, images: this.images };
  }
}
