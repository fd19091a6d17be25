import { Template } from '@huggingface/jinja';
import { EngineError } from '../../engine';

/** An image by its content: SHA-256 (hex) of size and pixels, and its size in pixels of model space. */
export interface ImageRef {
  readonly hash: string;
  readonly width: number;
  readonly height: number;
}

export type ChatPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly image: ImageRef };

/** A message as in `Message` of the engine, its images by reference. */
export type ChatMessage =
  | { readonly role: 'system'; readonly text: string }
  | { readonly role: 'user'; readonly parts: readonly ChatPart[] }
  | { readonly role: 'assistant'; readonly text: string; readonly tokens?: readonly number[] | undefined };

/**
 * A piece of the rendered conversation: the template's own text (in which special tokens count), text from outside (in
 * which they do not), or tokens that the model generated.
 */
export type ChatPiece =
  | { readonly from: 'template'; readonly text: string }
  | { readonly from: 'outside'; readonly text: string }
  | { readonly from: 'model'; readonly tokens: readonly number[] };

/** ChatML as Qwen2.5-VL uses it, for checkpoints that bring no template. */
export const chatMl = `{% for message in messages %}<|im_start|>{{ message['role'] }}
{% if message['content'] is string %}{{ message['content'] }}{% else %}{% for part in message['content'] %}{% if part['type'] == 'image' %}<|vision_start|><|image_pad|><|vision_end|>{% else %}{{ part['text'] }}{% endif %}{% endfor %}{% endif %}<|im_end|>
{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}`;

/**
 * Renders a conversation with the checkpoint's chat template, up to where the assistant's next words begin.
 *
 * Texts and tokens of the messages never go through the template: a placeholder of private-use characters does, and
 * is replaced afterwards. So no text can close a message, and generated tokens stay the very tokens they were.
 */
export class ChatTemplate {
  private readonly template: Template;

  constructor(source: string | null) {
    try {
      this.template = new Template(source ?? chatMl);
    } catch (error) {
      throw new EngineError('bad-model', `The chat template cannot be read: ${words(error)}.`);
    }
  }

  render(messages: readonly ChatMessage[]): ChatPiece[] {
    const held: ChatPiece[] = [];
    const hold = (piece: ChatPiece) => `\uE000${held.push(piece) - 1}\uE001`;
    const prepared = messages.map((message) => prepare(message, hold));
    let rendered: string;
    try {
      rendered = this.template.render({ messages: prepared, add_generation_prompt: true });
    } catch (error) {
      throw new EngineError('bad-model', `The chat template fails on this conversation: ${words(error)}.`);
    }
    const pieces: ChatPiece[] = [];
    let found = 0;
    for (const [i, text] of rendered.split(/\uE000(\d+)\uE001/).entries()) {
      const piece: ChatPiece | undefined = i % 2 === 0 ? { from: 'template', text } : held[Number(text)];
      if (i % 2 === 1) {
        if (Number(text) !== found) break;
        found++;
      }
      if (piece) pieces.push(piece);
    }
    if (found !== held.length) {
      throw new EngineError(
        'bad-model',
        'The chat template leaves out or reorders texts of the conversation.',
      );
    }
    return pieces;
  }
}

function prepare(message: ChatMessage, hold: (piece: ChatPiece) => string) {
  switch (message.role) {
    case 'system':
      return { role: 'system', content: hold({ from: 'outside', text: message.text }) };
    case 'assistant': {
      const { text, tokens } = message;
      return {
        role: 'assistant',
        content: hold(tokens ? { from: 'model', tokens } : { from: 'outside', text }),
      };
    }
    case 'user': {
      const content = message.parts.map((part) =>
        part.type === 'image'
          ? { type: 'image' }
          : { type: 'text', text: hold({ from: 'outside', text: part.text }) },
      );
      return { role: 'user', content };
    }
  }
}

const words = (error: unknown) => (error instanceof Error ? error.message : String(error));
