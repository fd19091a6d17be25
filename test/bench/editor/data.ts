import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ConversationPlan, conversationRow } from '../../helpers/data-files';
import { PICTURES, SIZE } from '../pictures';

/** Traces of a generated file. */
export const TRACES = 33_000;
/** Every so many traces has `LONG_TURNS` drawing turns, each on the image before. */
export const LONG_EVERY = 50;
export const LONG_TURNS = 10;

/** Number `i` of the traces; all are different. */
function planOf(i: number): ConversationPlan {
  const turns = i % LONG_EVERY === 0 ? LONG_TURNS : 2 + (i % 3);
  return {
    folder: `./pictures/${i % PICTURES}`,
    question: { text: `How does the way of thing ${i} end?`, options: [], type: 'free-form', kind: 'single' },
    sizes: [SIZE],
    turns: Array.from({ length: turns }, (_, t) => [t + 1] as const),
    answer: 'a red door',
  };
}

/** How many drawing turns trace `i` has; as many shapes lie on its last image. */
export const turnsOf = (i: number): number => planOf(i).turns.length;

/** A JSON array of conversations of about so many bytes, an item a line, as one piece an item. */
function* rows(bytes: number, count: number): Generator<string> {
  const bare = JSON.stringify(conversationRow(planOf(1)));
  const sentence = 'It goes on to the left, and "then" it turns.\n';
  const written = Buffer.byteLength(JSON.stringify(sentence)) - 2;
  const filler = sentence.repeat(
    Math.max(0, Math.round((bytes / count - Buffer.byteLength(bare)) / written)),
  );
  for (let i = 0; i < count; i++) {
    const row = conversationRow(planOf(i));
    const last = row.conversations.length - 1;
    const conversations = row.conversations.map((message, k) =>
      k === last
        ? { ...message, content: message.content.replace('</think>', () => `${filler}</think>`) }
        : message,
    );
    yield `${i === 0 ? '[' : ','}\n${JSON.stringify({ ...row, conversations })}`;
  }
  yield '\n]\n';
}

/** Writes `count` traces of about so many bytes together to `path`, piece by piece. */
export async function writeTraces(path: string, bytes: number, count = TRACES): Promise<void> {
  await pipeline(Readable.from(rows(bytes, count)), createWriteStream(path, { highWaterMark: 1 << 20 }));
}
