import * as v from 'valibot';
import type { Trace } from '../../trace/trace';

const place = v.pipe(v.number(), v.integer(), v.minValue(0));
const span = v.nullish(v.object({ start: place, end: place }));

/** The `source` of a trace that was read from a conversation. */
const sourceSchema = v.object({
  system: v.nullable(v.string()),
  users: v.array(v.string()),
  /** Where question and options stand in the first of `users`, in UTF-16 code units. */
  question: span,
  options: span,
  row: v.optional(v.record(v.string(), v.unknown())),
});

/** What a trace brings of the conversation that it was read from. */
export interface OwnMessages {
  readonly system: string | null;
  /** The messages to the model, with `<image>` where an image stands: the one that asks, then one after each turn but the last. */
  readonly users: readonly string[];
  /** Other fields of its row. */
  readonly row: Readonly<Record<string, unknown>>;
}

/** Null for a trace that was not read from a conversation. */
export function ownMessages({ source }: Trace): OwnMessages | null {
  const parsed = v.safeParse(sourceSchema, source);
  if (!parsed.success) return null;
  const { system, users, row = {} } = parsed.output;
  return { system, users, row };
}

/**
 * The messages with the question and the options of the edited trace in place of those of the original. Null where the edits
 * change what is asked in a way that the messages cannot follow.
 */
export function withEditedQuestion(own: OwnMessages, original: Trace, trace: Trace): OwnMessages | null {
  const isSame = (name: 'question' | 'options' | 'type' | 'kind') => sameJson(original[name], trace[name]);
  const sizes = (images: Trace['images']) => images.map(({ model }) => model);
  if (!isSame('type') || !isSame('kind') || !sameJson(sizes(original.images), sizes(trace.images)))
    return null;
  const parsed = v.safeParse(sourceSchema, original.source);
  const [first, ...rest] = own.users;
  if (!parsed.success || first === undefined) return null;
  const { question, options } = parsed.output;
  const changes = [
    ...(isSame('question') ? [] : [{ at: question, text: trace.question }]),
    ...(isSame('options') ? [] : [{ at: options, text: trace.options.join('\n') }]),
  ];
  let text = first;
  for (const { at, text: put } of changes.sort((a, b) => (b.at?.start ?? 0) - (a.at?.start ?? 0))) {
    if (at == null || at.end < at.start || at.end > text.length) return null;
    text = text.slice(0, at.start) + put + text.slice(at.end);
  }
  return { ...own, users: [text, ...rest] };
}

const sameJson = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);
