import * as v from 'valibot';
import { TRACE_FORMAT } from '../../../trace/trace';
import { splitChat } from './chat-text';
import { type Codec, type Decoded, type Encoded, type NamedImage, noTrace } from './codec';
import { countImages, readConversation } from './conversation';
import { sourceOf } from './conversation-source';
import { otherFields } from './record';
import { badField, schemaFindings } from './schema-findings';
import { upstreamFinish } from './upstream-finish';

const schema = v.looseObject({ sequence: v.string('it is no string') }, 'it is no object');

/**
 * A `text_data.json` of upstream's inference: `sequence` is all that was said, in the chat template's form. Its images lie
 * beside it as `images/image_K.png`, counted from 0, inputs first. The fallback id is the name of its folder, which
 * image paths begin with.
 */
export const inference: Codec = {
  format: 'inference',
  looksFor: 'a folder of sample_*/text_data.json with sequence and finish_reason',
  matches: (value) =>
    typeof value.sequence === 'string' &&
    ['prompt', 'response', 'finish_reason'].some((name) => name in value),
  decode,
};

function decode({ value, fallbackId }: Encoded): Decoded {
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) return noTrace(schemaFindings(parsed.issues));
  const row = parsed.output;
  const keys = ['sequence'];
  const messages = splitChat(row.sequence, keys);
  if (messages.length === 0) return noTrace([badField(keys, 'no <|im_start|> begins a message in it')]);
  const shown = messages
    .filter(({ role }) => role !== 'system')
    .reduce((sum, { text }) => sum + countImages(text), 0);
  const paths = Array.from({ length: shown }, (_, k) => `${fallbackId}/images/image_${k}.png`);
  const { conversation, findings } = readConversation(messages, paths, keys);
  const inputs = conversation?.images.length ?? 0;
  const images = paths.map((path, i): NamedImage => ({ path, keys, drawn: i >= inputs }));
  // A sample that failed ends with a message to the model as often as not.
  const known = findings.filter(({ code }) => code !== 'unanswered');
  if (conversation === null) return { trace: null, images, findings: known };
  const { asked, type, kind, turns, answer } = conversation;
  const form = { messages: 'sequence', role: 'role', text: 'content' } as const;
  const trace = {
    format: TRACE_FORMAT,
    id: fallbackId,
    question: asked.question,
    options: asked.options,
    type,
    gold: null,
    kind,
    images: conversation.images,
    turns,
    answer,
    finish: upstreamFinish(row.finish_reason),
    error: null,
    run: null,
    source: sourceOf(
      'inference',
      conversation,
      paths,
      form,
      otherFields(row, ['sequence', 'prompt', 'response']),
    ),
  } as const;
  return { trace, images, findings: known };
}
