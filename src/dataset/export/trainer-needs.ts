import type { Size } from '../../trace/geometry';
import { type ConversationMessage, IMAGE } from './conversation';
import type { TrainerAdvice } from './export-target';

/** A token stands for so many pixels a side. */
const PATCH = 28;
/** What begins and ends an image. */
const AROUND_IMAGE = 2;
/** What begins and ends a message, with the name of its role. */
const AROUND_MESSAGE = 8;

/** What the samples that go by ask of a trainer. */
export class TrainerNeeds {
  private pixels = 0;
  private tokens = 0;

  /** @param sizes those of the images of a sample, in model space. */
  add(messages: readonly ConversationMessage[], sizes: readonly Size[]): void {
    let tokens = 0;
    for (const { content } of messages) {
      tokens += Buffer.byteLength(content.replaceAll(IMAGE, '')) + AROUND_MESSAGE;
    }
    for (const { width, height } of sizes) {
      tokens += Math.ceil(width / PATCH) * Math.ceil(height / PATCH) + AROUND_IMAGE;
      this.pixels = Math.max(this.pixels, width * height);
    }
    this.tokens = Math.max(this.tokens, tokens);
  }

  get advice(): TrainerAdvice {
    return { image_max_pixels: this.pixels, cutoff_len: this.tokens };
  }
}
