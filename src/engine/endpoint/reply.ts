import { setTimeout as after } from 'node:timers/promises';
import type { ChatChunk, ChunkReader } from './chat-chunks';
import { brokenOff, EndpointFailure } from './endpoint-failure';
import { oneLine } from './server-words';
import { ThinkTags } from './think-tags';

/** How long a server that has ended its reply may take to count its tokens, in milliseconds. */
const LAST_WORDS = 2000;

/** No token is longer, in characters. A server that goes on past its limit of tokens is stopped by this. */
const LONGEST_TOKEN = 256;

/** More of a reply; `tokens` counts all there are, null if the server does not say. */
export interface ReplyPiece {
  readonly text: string;
  readonly tokens: number | null;
}

export interface ReplyEnd {
  readonly reason: 'stop' | 'length';
  /** As the server counts them, which may include the end token; null if it does not say. */
  readonly tokens: number | null;
}

/**
 * The text of a streamed reply, thoughts included, and how it ends. What has come by the time that it is asked for is one
 * piece. `bytes` may not be read to their end.
 *
 * @param maxTokens how many were asked for at most.
 * @param host the server, for messages.
 * @throws EngineError what `bytes` and `reader` throw; `server` for a reply that breaks off, or that ends for another reason
 * than that the model stopped or ran out of tokens.
 */
export async function* readReply(
  bytes: AsyncIterable<Uint8Array>,
  reader: ChunkReader,
  maxTokens: number,
  host: string,
): AsyncGenerator<ReplyPiece, ReplyEnd> {
  const tags = new ThinkTags();
  const batches = new Batches(bytes, reader);
  let tokens: number | null = null;
  let length = 0;
  for (;;) {
    const chunks = await batches.next();
    if (chunks === null) throw brokenOff(`${host} ended its reply in the middle.`);
    let text = '';
    let finish: string | null = null;
    try {
      for (const chunk of chunks) {
        tokens = chunk.tokens ?? tokens;
        // What comes after the end is its count alone.
        if (finish === null) text += tags.join(chunk.thought, chunk.text);
        finish ??= chunk.finish;
      }
    } catch (error) {
      // Once the reply is whole, what comes after it is no matter.
      if (finish === null) throw error;
    } finally {
      length += text.length;
      // What was said before a failure counts too.
      if (text !== '') yield { text, tokens };
    }
    if (length > maxTokens * LONGEST_TOKEN)
      throw new EndpointFailure('server', `${host} goes on past the limit of ${maxTokens} tokens.`);
    if (finish !== null) return { reason: endOf(finish, host), tokens: (await lastCount(batches)) ?? tokens };
  }
}

/** The chunks of a reply, those together that came together. */
class Batches {
  private readonly pieces: AsyncIterator<Uint8Array>;
  private ended = false;

  constructor(
    bytes: AsyncIterable<Uint8Array>,
    private readonly reader: ChunkReader,
  ) {
    this.pieces = bytes[Symbol.asyncIterator]();
  }

  /** Null at the end. Reading them throws what the reader throws. */
  async next(): Promise<Iterable<ChatChunk> | null> {
    if (this.ended || this.reader.isDone) {
      await this.pieces.return?.();
      return null;
    }
    const next = await this.pieces.next();
    this.ended = next.done === true;
    return next.done ? this.reader.end() : this.reader.read(next.value);
  }
}

function endOf(finish: string, host: string): 'stop' | 'length' {
  if (finish === 'stop' || finish === 'length') return finish;
  throw new EndpointFailure(
    'server',
    `${host} ended the reply for a reason of its own, "${oneLine(finish, 40) ?? ''}", not because the model was done.`,
  );
}

/**
 * The count of tokens that servers send after the end of the reply, in a chunk or two; null if there is none. The reply is
 * whole: whatever happens now is no matter.
 */
async function lastCount(batches: Batches): Promise<number | null> {
  const late = after(LAST_WORDS, null, { ref: false });
  let tokens: number | null = null;
  try {
    for (;;) {
      const chunks = await Promise.race([batches.next(), late]);
      if (chunks === null) return tokens;
      for (const chunk of chunks) tokens = chunk.tokens ?? tokens;
    }
  } catch {
    return tokens;
  }
}
