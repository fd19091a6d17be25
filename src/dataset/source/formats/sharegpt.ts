import * as v from 'valibot';
import { TRACE_FORMAT } from '../../../trace/trace';
import { type Codec, type Decoded, type Encoded, type NamedImage, noTrace } from './codec';
import { readConversation } from './conversation';
import { sourceOf } from './conversation-source';
import { type Message, readMessages } from './messages';
import { otherFields } from './record';
import { schemaFindings } from './schema-findings';

const path = v.pipe(v.string('it is no string'), v.nonEmpty('it is empty'));
const text = v.nullish(v.string('it is no string'));
const id = v.nullish(v.union([v.string(), v.number()], 'it is no string, nor a number'));

const rowSchema = v.looseObject(
  {
    id,
    question_id: id,
    /** A single path counts as a list of one. */
    images: v.nullish(v.union([path, v.array(path)], 'it is no list of paths')),
    system: text,
    answer: text,
  },
  'it is no object',
);

/**
 * Rows in LLaMA-Factory's sharegpt form, as upstream's cold-start and reflective files: `conversations` (`role`/`content`,
 * or `from`/`value`; system, user, assistant) with `<image>` where an image stands, and `images`, inputs first, then those
 * that were drawn.
 */
export const sharegpt: Codec = {
  format: 'sharegpt',
  looksFor: 'conversations (or messages) and images',
  matches: (value) => Array.isArray(value.conversations) || Array.isArray(value.messages),
  decode,
};

function decode({ value, fallbackId }: Encoded): Decoded {
  const parsed = v.safeParse(rowSchema, value);
  if (!parsed.success) return noTrace(schemaFindings(parsed.issues));
  const row = parsed.output;
  const field = row.conversations === undefined && row.messages !== undefined ? 'messages' : 'conversations';
  const read = readMessages(row[field], [field]);
  if ('findings' in read) return noTrace(read.findings);
  const paths = typeof row.images === 'string' ? [row.images] : (row.images ?? []);
  const messages = withSystem(read.messages, row.system);
  const { conversation, findings } = readConversation(messages, paths, row.images == null ? [] : ['images']);
  const images = paths.map(
    (path, i): NamedImage => ({
      path,
      keys: typeof row.images === 'string' ? ['images'] : ['images', i],
      drawn: i >= (conversation?.images.length ?? 0),
    }),
  );
  if (conversation === null) return { trace: null, images, findings };
  const { asked, type, kind, turns, answer } = conversation;
  const form = { ...read.form, messages: field } as const;
  const trace = {
    format: TRACE_FORMAT,
    id: ownId(row.question_id ?? row.id) ?? fallbackId,
    question: asked.question,
    options: asked.options,
    type,
    gold: row.answer ?? null,
    kind,
    images: conversation.images,
    turns,
    answer,
    finish: null,
    error: null,
    run: null,
    source: sourceOf('sharegpt', conversation, paths, form, otherFields(row, [field, 'images'])),
  } as const;
  return { trace, images, findings };
}

/** LLaMA-Factory takes the system message from a column of its own too; the one among the messages goes before. */
function withSystem(messages: readonly Message[], system: string | null | undefined): readonly Message[] {
  if (system == null || system === '' || messages[0]?.role === 'system') return messages;
  return [{ role: 'system', text: system, keys: ['system'] }, ...messages];
}

/** The id that a row gives itself, null if it gives none. */
export function ownId(id: string | number | null | undefined): string | null {
  return id == null || id === '' ? null : String(id);
}
