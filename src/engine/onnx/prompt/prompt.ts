import { EngineError } from '../../engine';
import type { ImageSpec, TokenSpec } from '../model-spec';
import type { ImageSpan } from '../rotary';
import type { ChatMessage, ChatPiece, ChatTemplate, ImageRef } from './chat';
import type { ChatTokenizer } from './tokenizer';

/** A conversation as the model reads it: token ids, and the images that lie over runs of `<|image_pad|>`, in order. */
export interface Prompt {
  readonly ids: number[];
  readonly images: readonly PromptImage[];
}

export interface PromptImage extends ImageSpan {
  readonly image: ImageRef;
}

/** Renders and encodes a conversation. Throws `bad-request` for images the processor would not give. */
export class PromptEncoder {
  constructor(
    private readonly template: ChatTemplate,
    private readonly tokenizer: ChatTokenizer,
    private readonly tokens: TokenSpec,
    private readonly limits: ImageSpec,
    private readonly vocabulary: number,
  ) {}

  encode(messages: readonly ChatMessage[]): Prompt {
    const images = messages.flatMap((message) =>
      message.role === 'user'
        ? message.parts.flatMap((part) => (part.type === 'image' ? [part.image] : []))
        : [],
    );
    const ids: number[] = [];
    const spans: PromptImage[] = [];
    let text = '';
    // Text between two special tokens is one run, whoever wrote its parts: so it is encoded as a whole.
    const flush = () => {
      for (const id of this.tokenizer.encode(text)) ids.push(id);
      text = '';
    };
    for (const piece of this.template.render(messages)) {
      for (const part of this.split(piece)) {
        if (typeof part === 'string') {
          text += part;
          continue;
        }
        flush();
        const image =
          piece.from === 'template' && part === this.tokens.imagePad ? images[spans.length] : undefined;
        if (image) spans.push(this.place(image, ids));
        else ids.push(part);
      }
    }
    flush();
    if (spans.length !== images.length) {
      throw new EngineError(
        'bad-model',
        `The chat template has places for ${spans.length} of the ${images.length} images of the conversation.`,
      );
    }
    return { ids, images: spans };
  }

  private split(piece: ChatPiece): readonly (string | number)[] {
    if (piece.from === 'template') return this.tokenizer.specials(piece.text);
    if (piece.from === 'outside') return [piece.text];
    const bad = piece.tokens.find((id) => !Number.isInteger(id) || id < 0 || id >= this.vocabulary);
    if (bad !== undefined)
      throw new EngineError('bad-request', `An assistant message has the token ${bad}, which is none.`);
    return piece.tokens;
  }

  private place(image: ImageRef, ids: number[]): PromptImage {
    const { factor } = this.limits;
    const { width, height } = image;
    if (width < factor || height < factor || width % factor !== 0 || height % factor !== 0) {
      throw new EngineError(
        'bad-request',
        `An image of ${width}x${height} pixels: the sides must be multiples of ${factor}; resize it as the processor does.`,
      );
    }
    const span = { start: ids.length, rows: height / factor, columns: width / factor, image };
    for (let i = 0; i < span.rows * span.columns; i++) ids.push(this.tokens.imagePad);
    return span;
  }
}
