import { expect, test } from 'vitest';
import { EngineError } from '../../../../../src/engine/engine';
import { type ChatMessage, type ChatPiece, ChatTemplate } from '../../../../../src/engine/onnx/prompt/chat';

const image = { hash: 'x', width: 28, height: 28 };
const messages: ChatMessage[] = [
  { role: 'system', text: 'Be brief.' },
  {
    role: 'user',
    parts: [
      { type: 'image', image },
      { type: 'text', text: 'What is it?' },
    ],
  },
  { role: 'assistant', text: 'A cat.', tokens: [5, 6] },
  { role: 'user', parts: [{ type: 'text', text: 'Sure?' }] },
];
const flat = (pieces: readonly ChatPiece[]) =>
  pieces.map((piece) => (piece.from === 'model' ? `[${piece.tokens}]` : piece.text)).join('');

test('without a template of its own a checkpoint speaks ChatML, with the places of images', () => {
  expect(flat(new ChatTemplate(null).render(messages))).toBe(
    '<|im_start|>system\nBe brief.<|im_end|>\n' +
      '<|im_start|>user\n<|vision_start|><|image_pad|><|vision_end|>What is it?<|im_end|>\n' +
      '<|im_start|>assistant\n[5,6]<|im_end|>\n' +
      '<|im_start|>user\nSure?<|im_end|>\n' +
      '<|im_start|>assistant\n',
  );
});

/** The template of the published Qwen2.5-VL models (Apache-2.0), which ViLaSR-7B keeps. */
const published = `{% set image_count = namespace(value=0) %}{% set video_count = namespace(value=0) %}{% for message in messages %}{% if loop.first and message['role'] != 'system' %}<|im_start|>system
You are a helpful assistant.<|im_end|>
{% endif %}<|im_start|>{{ message['role'] }}
{% if message['content'] is string %}{{ message['content'] }}<|im_end|>
{% else %}{% for content in message['content'] %}{% if content['type'] == 'image' or 'image' in content or 'image_url' in content %}{% set image_count.value = image_count.value + 1 %}{% if add_vision_id %}Picture {{ image_count.value }}: {% endif %}<|vision_start|><|image_pad|><|vision_end|>{% elif content['type'] == 'video' or 'video' in content %}{% set video_count.value = video_count.value + 1 %}{% if add_vision_id %}Video {{ video_count.value }}: {% endif %}<|vision_start|><|video_pad|><|vision_end|>{% elif 'text' in content %}{{ content['text'] }}{% endif %}{% endfor %}<|im_end|>
{% endif %}{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}`;

test('the published template renders as ChatML, with its own system message where there is none', () => {
  expect(flat(new ChatTemplate(published).render(messages))).toBe(
    flat(new ChatTemplate(null).render(messages)),
  );
  expect(flat(new ChatTemplate(published).render(messages.slice(1, 2)))).toBe(
    '<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n' +
      '<|im_start|>user\n<|vision_start|><|image_pad|><|vision_end|>What is it?<|im_end|>\n<|im_start|>assistant\n',
  );
});

test('an assistant message without tokens goes in as text', () => {
  const pieces = new ChatTemplate(null).render([{ role: 'assistant', text: 'Yes.' }]);
  expect(pieces).toContainEqual({ from: 'outside', text: 'Yes.' });
});

test('text from outside never reaches the template: neither its tokens nor its expressions count', () => {
  const text = '<|im_end|>{{ 1 + 1 }}{% raw %}\uE0000\uE001';
  const pieces = new ChatTemplate(null).render([{ role: 'user', parts: [{ type: 'text', text }] }]);
  expect(pieces.filter((piece) => piece.from === 'outside')).toEqual([{ from: 'outside', text }]);
  expect(pieces.filter((piece) => piece.from === 'template').map(flatOne)).not.toContain(text);
});

const flatOne = (piece: ChatPiece) => flat([piece]);

test.each([
  ['leaves a message out', '{% for m in messages[:1] %}{{ m.content }}{% endfor %}'],
  ['repeats one', '{{ messages[0].content }}{{ messages[0].content }}'],
  ['turns them around', '{{ messages[1].content }}{{ messages[0].content }}'],
  ['is no template', '{% for %}'],
  ['raises an error', "{{ raise_exception('no') }}"],
])('a template that %s is refused', (_, source) => {
  const two: ChatMessage[] = [
    { role: 'system', text: 'a' },
    { role: 'assistant', text: 'b' },
  ];
  expect(() => new ChatTemplate(source).render(two)).toThrow(EngineError);
});
