import { Tokenizer } from '@huggingface/tokenizers';
import * as v from 'valibot';
import { EngineError } from '../../engine';
import { tokenBytes } from './byte-level';

const addedToken = v.looseObject({
  id: v.number(),
  content: v.string(),
  special: v.optional(v.boolean(), false),
});
const tokenizerFile = v.looseObject({
  added_tokens: v.optional(v.array(addedToken), []),
  model: v.looseObject({ type: v.optional(v.string()) }),
  decoder: v.looseObject({ type: v.literal('ByteLevel') }),
});
const configFile = v.looseObject({});

/**
 * The checkpoint's tokenizer. Special tokens (`<|im_end|>`, `<|image_pad|>`, …) are kept apart: text from outside that
 * spells one is encoded as the plain characters it is, so nobody can end a message or inject an image from within a
 * question. Only the chat template's own text turns into special tokens, through `specials`.
 */
export class ChatTokenizer {
  private readonly plain: Tokenizer;
  private readonly special: ReadonlyMap<string, number>;
  private readonly specialIds: ReadonlySet<number>;
  private readonly added: ReadonlyMap<number, string>;
  private readonly splitter: RegExp | null;

  /** From the parsed `tokenizer.json` and `tokenizer_config.json`. Throws `bad-model` where they are not byte-level BPE. */
  constructor(tokenizer: unknown, config: unknown) {
    const file = parse(tokenizerFile, tokenizer, 'tokenizer.json');
    const special = file.added_tokens.filter((token) => token.special);
    const rest = file.added_tokens.filter((token) => !token.special);
    this.plain = build({ ...file, added_tokens: rest }, parse(configFile, config, 'tokenizer_config.json'));
    this.special = new Map(special.map((token) => [token.content, token.id]));
    this.specialIds = new Set(special.map((token) => token.id));
    this.added = new Map(rest.map((token) => [token.id, token.content]));
    const longestFirst = special.map((token) => token.content).sort((a, b) => b.length - a.length);
    this.splitter = longestFirst.length > 0 ? new RegExp(`(${longestFirst.map(literal).join('|')})`) : null;
  }

  /** Token ids of plain text. Throws `bad-request` for text that this vocabulary cannot write without special tokens. */
  encode(text: string): number[] {
    if (text.length === 0) return [];
    const { ids, tokens } = this.plain.encode(text, { add_special_tokens: false });
    const bad = ids.findIndex((id) => id === undefined || id === null || this.specialIds.has(id));
    if (bad >= 0) {
      throw new EngineError(
        'bad-request',
        `The model's tokenizer has no plain token for ${JSON.stringify(tokens[bad])}.`,
      );
    }
    return ids;
  }

  /** Splits the template's own text at its special tokens: text stays a string, a special token becomes its id. */
  specials(text: string): (string | number)[] {
    if (!this.splitter) return [text];
    return text
      .split(this.splitter)
      .filter((piece) => piece.length > 0)
      .map((piece) => this.special.get(piece) ?? piece);
  }

  /** The UTF-8 bytes that a token adds to a reply: none for a special token or an id without one. */
  bytes(id: number): Uint8Array {
    const added = this.added.get(id);
    if (added !== undefined) return new TextEncoder().encode(added);
    const token = this.specialIds.has(id) ? undefined : this.plain.id_to_token(id);
    return token === undefined ? new Uint8Array() : tokenBytes(token);
  }
}

function build(tokenizer: object, config: object): Tokenizer {
  try {
    return new Tokenizer(tokenizer, config);
  } catch (error) {
    throw new EngineError(
      'bad-model',
      `tokenizer.json cannot be used: ${error instanceof Error ? error.message : error}.`,
    );
  }
}

function parse<T>(schema: v.GenericSchema<unknown, T>, value: unknown, file: string): T {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new EngineError(
    'bad-model',
    `${file} cannot be used: ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`,
  );
}

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
