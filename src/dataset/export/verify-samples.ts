import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { DataError } from '../data-error';
import { linesOf } from '../lines-of';
import { countImages, otherMedia } from './conversation';

const sampleSchema = v.object({
  conversations: v.array(
    v.object({ role: v.picklist(['system', 'user', 'assistant']), content: v.string() }),
  ),
  images: v.array(v.string()),
});
type Sample = v.InferOutput<typeof sampleSchema>;

/**
 * Reads a written data set again, a sample a line, and proves what a trainer relies on: there are `count` samples; after the
 * system's message the user's and the assistant's take turns, the last one is the assistant's; there are as many images as
 * `<image>` in the messages, which show no other media; and each of them is there. Throws `DataError` that names the line.
 */
export async function verifySamples(path: string, folder: string, count: number): Promise<void> {
  let [line, samples] = [0, 0];
  for await (const text of linesOf(path)) {
    line++;
    if (text === '[' || text === ']' || text === '[]') continue;
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), sampleSchema), text.replace(/,$/, ''));
    const problem = parsed.success ? await problemOf(parsed.output, folder) : 'it cannot be read';
    if (problem !== null) throw new DataError(`${path}, line ${line} was written wrongly: ${problem}.`);
    samples++;
  }
  if (samples !== count)
    throw new DataError(`${path} was written wrongly: it has ${samples} samples, not ${count}.`);
}

async function problemOf({ conversations, images }: Sample, folder: string): Promise<string | null> {
  const said = conversations[0]?.role === 'system' ? conversations.slice(1) : conversations;
  const inTurns = said.every(({ role }, i) => role === (i % 2 === 0 ? 'user' : 'assistant'));
  if (!inTurns || said.length === 0 || said.length % 2 !== 0) return 'user and assistant do not take turns';
  const shown = said.reduce((sum, { content }) => sum + countImages(content), 0);
  if (shown !== images.length) return `its messages show ${shown} images, but it has ${images.length}`;
  const word = said.map(({ content }) => otherMedia(content)).find((found) => found !== null);
  if (word !== undefined) return `its messages say ${word}`;
  for (const image of images) {
    const info = await stat(join(folder, image)).catch(() => null);
    if (!info?.isFile()) return `${image} is not there`;
  }
  return null;
}
