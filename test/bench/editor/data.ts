import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import sharp from 'sharp';
import type { Size } from '../../../src/trace/geometry';
import { type ConversationPlan, conversationRow } from '../../helpers/data-files';

/** Traces of a generated file. */
export const TRACES = 33_000;
/** Different pictures; the traces use them in turn. */
const PICTURES = 60;
/** Every so many traces has `LONG_TURNS` drawing turns, each on the image before. */
export const LONG_EVERY = 50;
export const LONG_TURNS = 10;
const SIZE: Size = { width: 23 * 28, height: 17 * 28 };

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

/** Writes the pictures that the traces name, under `folder`. */
export async function writePictures(folder: string): Promise<void> {
  const longest = LONG_TURNS + 1;
  for (let i = 0; i < PICTURES; i++) {
    const first = join(folder, 'pictures', String(i), 'images', 'image_0.png');
    mkdirSync(dirname(first), { recursive: true });
    await sharp(pixels(i), { raw: { ...SIZE, channels: 3 } })
      .png()
      .toFile(first);
    const content = readFileSync(first);
    for (let k = 1; k < longest; k++) writeFileSync(join(dirname(first), `image_${k}.png`), content);
  }
}

/** A picture with areas and noise, so that PNG has something to do, as of a photograph or a rendered room. */
function pixels(seed: number): Uint8Array {
  const { width, height } = SIZE;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const area = ((x >> 5) * 31 + (y >> 5) * 17 + seed * 13) & 127;
      const noise = ((x * 7919 + y * 104_729 + seed) >> 3) & 7;
      for (let c = 0; c < 3; c++) data[at++] = 64 + area + noise * c;
    }
  }
  return data;
}
