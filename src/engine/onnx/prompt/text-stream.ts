import type { ChatTokenizer } from './tokenizer';

/**
 * Turns tokens into text as they come. A token may end inside a character: its bytes wait for the rest, so a piece of
 * text is never half a character, and the pieces joined are the decoding of all tokens (U+FFFD for bytes that are none).
 */
export class TextStream {
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  constructor(private readonly tokenizer: ChatTokenizer) {}

  /** Text that one more token completes; often all of it, sometimes none. */
  push(token: number): string {
    return this.decoder.decode(this.tokenizer.bytes(token), { stream: true });
  }

  /** What is left when no more tokens come. */
  end(): string {
    return this.decoder.decode();
  }
}
