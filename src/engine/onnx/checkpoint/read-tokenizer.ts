import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { TokenizerFiles } from '../imported-model';
import type { TokenSpec } from '../model-spec';
import { badModel } from './bad-model';
import { chatTemplateSchema, tokenizerConfigSchema, tokenizerSchema } from './config-schema';
import { parseJson, readJsonIfAny, readTextIfAny } from './json';

const TOKENIZER = 'tokenizer.json';
const CONFIG = 'tokenizer_config.json';

/** Where the tokenizer's files are and the chat template that came with them. */
export interface TokenizerParts {
  readonly files: TokenizerFiles;
  readonly chatTemplate: string | null;
  /** SHA-256 (hex) of both: what turns a conversation into tokens. */
  readonly hash: string;
}

/** Finds the tokenizer of the checkpoint in `dir` and checks that it speaks of the same tokens as the config. */
export async function readTokenizer(dir: string, tokens: TokenSpec, vocab: number): Promise<TokenizerParts> {
  const files: TokenizerFiles = { tokenizer: join(dir, TOKENIZER), config: join(dir, CONFIG) };
  const text = await readTextIfAny(dir, TOKENIZER);
  if (text === null) {
    const remedy = 'save it with AutoTokenizer.from_pretrained(…).save_pretrained(…) of transformers';
    throw badModel(files.tokenizer, `is missing (vocab.json and merges.txt alone are not enough); ${remedy}`);
  }
  checkTokens(text, tokens, vocab, files.tokenizer);
  const config = await readJsonIfAny(dir, CONFIG, tokenizerConfigSchema);
  if (config === null) throw badModel(files.config, 'is missing');
  const chatTemplate = (await readTemplateFile(dir)) ?? templateOf(config.chat_template ?? null);
  // No JSON text holds the character that parts the two.
  const hash = createHash('sha256').update(text).update('\0').update(JSON.stringify(chatTemplate));
  return { files, chatTemplate, hash: hash.digest('hex') };
}

function checkTokens(text: string, tokens: TokenSpec, vocab: number, path: string): void {
  const { model, added_tokens } = parseJson(text, tokenizerSchema, path);
  let last = 0;
  for (const id of Object.values(model.vocab)) last = Math.max(last, id);
  for (const { id } of added_tokens) last = Math.max(last, id);
  if (last >= vocab)
    throw badModel(path, `has token ids up to ${last}; the model's vocabulary ends at ${vocab - 1}`);

  const ids = new Map(added_tokens.map(({ content, id }) => [content, id]));
  const named = [
    ['<|image_pad|>', tokens.imagePad],
    ['<|vision_start|>', tokens.visionStart],
    ['<|vision_end|>', tokens.visionEnd],
  ] as const;
  for (const [content, expected] of named) {
    const id = ids.get(content);
    if (id === undefined) throw badModel(path, `has no token ${content}`);
    if (id !== expected) throw badModel(path, `gives ${content} the id ${id}; config.json says ${expected}`);
  }
}

/** Newer folders keep the template in a file of its own, which wins over the tokenizer's. */
async function readTemplateFile(dir: string): Promise<string | null> {
  const jinja = await readTextIfAny(dir, 'chat_template.jinja');
  if (jinja !== null) return jinja;
  return (await readJsonIfAny(dir, 'chat_template.json', chatTemplateSchema))?.chat_template ?? null;
}

function templateOf(given: string | { name: string; template: string }[] | null): string | null {
  if (typeof given === 'string' || given === null) return given;
  return given.find(({ name }) => name === 'default')?.template ?? null;
}
