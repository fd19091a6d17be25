import { randomUUID } from 'node:crypto';
import type { RgbImage } from '../../trace/geometry';
import { EngineError, type GenerateRequest, type ImageLimits, type Message } from '../engine';

/**
 * The JSON of a streaming chat request, as bytes in pieces: its images, which are most of it, are bytes already and never
 * become a string.
 *
 * @param urlOf the URL of an image, in bytes that need no escapes in JSON.
 * @throws EngineError `bad-request` for an image that the server would resize, so that coordinates would be off.
 */
export async function chatBody(
  { messages, sampling, maxTokens }: GenerateRequest,
  model: string,
  limits: ImageLimits,
  urlOf: (image: RgbImage) => Promise<Uint8Array>,
): Promise<Uint8Array[]> {
  const images: RgbImage[] = [];
  const mark = randomUUID();
  const markFor = (image: RgbImage): string => {
    checkImage(image, limits);
    images.push(image);
    return mark;
  };
  const json = JSON.stringify({
    model,
    messages: messages.map((message) => chatMessage(message, markFor)),
    temperature: sampling.temperature,
    top_p: sampling.topP,
    seed: sampling.seed,
    max_tokens: maxTokens,
    stream: true,
    stream_options: { include_usage: true },
  });
  const [start = '', ...rest] = json.split(mark);
  const body: Uint8Array[] = [Buffer.from(start)];
  for (const [i, text] of rest.entries()) {
    const image = images[i];
    if (image) body.push(await urlOf(image), Buffer.from(text));
  }
  return body;
}

function chatMessage(message: Message, markFor: (image: RgbImage) => string): unknown {
  if (message.role !== 'user') return { role: message.role, content: message.text };
  const content = message.parts.map((part) =>
    part.type === 'text'
      ? { type: 'text', text: part.text }
      : { type: 'image_url', image_url: { url: markFor(part.image) } },
  );
  return { role: 'user', content };
}

function checkImage({ width, height, data }: RgbImage, limits: ImageLimits): void {
  const { factor, minPixels, maxPixels } = limits;
  const wrong = (what: string) =>
    new EngineError('bad-request', `An image of ${width} x ${height} pixels ${what}.`);
  if (data.length !== width * height * 3) throw wrong(`has ${data.length} bytes`);
  if (width % factor !== 0 || height % factor !== 0)
    throw wrong(`has sides that are no multiples of ${factor}: the server would resize it`);
  if (width * height < minPixels || width * height > maxPixels)
    throw wrong(`is not within ${minPixels} to ${maxPixels} pixels: the server would resize it`);
}
