import * as v from 'valibot';
import { IMAGE } from '../../../reason/capture/rows';
import type { DraftFinding, Keys } from './codec';
import { schemaFindings } from './schema-findings';

/** Who speaks in a message. */
export type Role = 'system' | 'user' | 'assistant';

/** A message of a conversation, with `<image>` where an image stands. */
export interface Message {
  /** Null for one that this product knows nothing of, such as a tool's. */
  readonly role: Role | null;
  readonly text: string;
  /** The way to its text within the item. */
  readonly keys: Keys;
}

/** The names that a message's role and text go by. */
export interface MessageForm {
  readonly role: 'role' | 'from';
  readonly text: 'content' | 'value';
}

const ROLES: ReadonlyMap<string, Role> = new Map([
  ['system', 'system'],
  ['user', 'user'],
  ['human', 'user'],
  ['assistant', 'assistant'],
  ['gpt', 'assistant'],
]);

/** What is no text stands for an image, whatever it is called: `image`, `image_url`, `video`. */
const part = v.union(
  [
    v.object({ type: v.literal('text'), text: v.string() }),
    v.object({ type: v.pipe(v.string(), v.notValue('text')) }),
  ],
  'it is neither a text nor an image',
);
const content = v.union([v.string(), v.array(part)], 'it is no string');
const roleMessage = v.object({ role: v.string('it is no string'), content }, 'it is no object');
const fromMessage = v.object({ from: v.string('it is no string'), value: content }, 'it is no object');

/** The messages of a list, or what is wrong with it. `keys` is the way to the list. */
export function readMessages(
  value: unknown,
  keys: Keys,
):
  | { readonly messages: readonly Message[]; readonly form: MessageForm }
  | { readonly findings: readonly DraftFinding[] } {
  const [first] = Array.isArray(value) ? value : [];
  const from = typeof first === 'object' && first !== null && 'from' in first;
  const list = from ? readList(fromMessage, value) : readList(roleMessage, value);
  if ('issues' in list) return { findings: schemaFindings(list.issues, keys) };
  const form: MessageForm = from ? { role: 'from', text: 'value' } : { role: 'role', text: 'content' };
  const messages = list.messages.map((message, i): Message => {
    const [role, said] = 'from' in message ? [message.from, message.value] : [message.role, message.content];
    return { role: ROLES.get(role) ?? null, text: textOf(said), keys: [...keys, i, form.text] };
  });
  return { messages, form };
}

function readList<T extends v.GenericSchema>(schema: T, value: unknown) {
  const parsed = v.safeParse(v.array(schema, 'it is no list'), value);
  return parsed.success ? { messages: parsed.output } : { issues: parsed.issues };
}

/** Parts stand one after another, as a chat template has them. */
function textOf(said: v.InferOutput<typeof content>): string {
  if (typeof said === 'string') return said;
  return said.map((one) => ('text' in one ? one.text : IMAGE)).join('');
}
