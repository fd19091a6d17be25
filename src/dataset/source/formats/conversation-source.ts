import * as v from 'valibot';
import type { Trace } from '../../../trace/trace';
import type { Conversation } from './conversation';
import type { MessageForm } from './messages';

const place = v.pipe(v.number(), v.integer(), v.minValue(0));
const spanSchema = v.object({ start: place, end: place });

/** The `source` of a trace that was read from a conversation: what it takes to write the conversation again. */
export const conversationSourceSchema = v.object({
  format: v.picklist(['sharegpt', 'results', 'inference']),
  /** The system message; null if there is none. */
  system: v.nullable(v.string()),
  /** The messages to the model with `<image>` where an image stands: the one that asks, then one after each turn but the last. */
  users: v.array(v.string()),
  /** Where question and options stand in `users[0]`, in UTF-16 code units; null where its words could not be told apart. */
  question: v.nullable(spanSchema),
  options: v.nullable(spanSchema),
  /** The files of the images that were drawn, in their order. */
  drawn: v.array(v.string()),
  /** The names that role and text of a message go by, and the field that holds the messages. */
  form: v.object({
    messages: v.picklist(['conversations', 'messages', 'sequence']),
    role: v.picklist(['role', 'from']),
    text: v.picklist(['content', 'value']),
  }),
  /** All other fields of the row. */
  row: v.record(v.string(), v.unknown()),
});
export type ConversationSource = v.InferOutput<typeof conversationSourceSchema>;

/** The source of a trace that came from a conversation; null for any other trace. */
export function conversationSource({ source }: Pick<Trace, 'source'>): ConversationSource | null {
  const parsed = v.safeParse(conversationSourceSchema, source);
  return parsed.success ? parsed.output : null;
}

/** What to keep of a conversation; `paths` are all its images, inputs first. */
export function sourceOf(
  format: ConversationSource['format'],
  { system, users, asked, images }: Conversation,
  paths: readonly string[],
  form: MessageForm & Pick<ConversationSource['form'], 'messages'>,
  row: ConversationSource['row'],
): ConversationSource {
  return {
    format,
    system,
    users: [...users],
    question: asked.span,
    options: asked.optionsSpan,
    drawn: paths.slice(images.length),
    form,
    row,
  };
}
