import { setTimeout as after } from 'node:timers/promises';
import type { ChatChunk } from './chat-chunks';
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
 * The text of a streamed reply, thoughts included, and how it ends. `chunks` may not be read to its end.
 *
 * @param maxTokens how many were asked for at most.
 * @param host the server, for messages.
 * @throws EngineError what `chunks` throws; `server` for a reply that breaks off, or that ends for another reason than
 * that the model stopped or ran out of tokens.
 */
export async function* readReply(
  chunks: AsyncIterator<ChatChunk>,
  maxTokens: number,
  host: string,
): AsyncGenerator<ReplyPiece, ReplyEnd> {
  const tags = new ThinkTags();
  let tokens: number | null = null;
  let length = 0;
  for (;;) {
    const next = await chunks.next();
    if (next.done) throw brokenOff(`${host} ended its reply in the middle.`);
    const { thought, text: rest, finish } = next.value;
    tokens = next.value.tokens ?? tokens;
    const text = tags.join(thought, rest);
    length += text.length;
    if (length > maxTokens * LONGEST_TOKEN)
      throw new EndpointFailure('server', `${host} goes on past the limit of ${maxTokens} tokens.`);
    if (text !== '') yield { text, tokens };
    if (finish !== null) return { reason: endOf(finish, host), tokens: (await lastCount(chunks)) ?? tokens };
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
async function lastCount(chunks: AsyncIterator<ChatChunk>): Promise<number | null> {
  const late = after(LAST_WORDS, null, { ref: false });
  let tokens: number | null = null;
  try {
    for (;;) {
      const next = await Promise.race([chunks.next(), late]);
      if (next === null || next.done) return tokens;
      tokens = next.value.tokens ?? tokens;
    }
  } catch {
    return tokens;
  }
}
