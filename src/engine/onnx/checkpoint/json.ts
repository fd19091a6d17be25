import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { errorCode } from '../../../shared/error-code';
import { badModel, explainRead } from './bad-model';

/** The text of `name` in `dir`, or null if there is no such file. Throws `EngineError` if it is there but unreadable. */
export async function readTextIfAny(dir: string, name: string): Promise<string | null> {
  const path = join(dir, name);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw explainRead(error, path);
  }
}

/** `text`, the content of `path`, as JSON of the shape of `schema`; else throws `EngineError` that says what and where. */
export function parseJson<S extends v.GenericSchema>(
  text: string,
  schema: S,
  path: string,
): v.InferOutput<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw badModel(path, `is not JSON (${error instanceof Error ? error.message : error})`);
  }
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const where = v.getDotPath(issue);
  if (where === null) throw badModel(path, `is not what it should be: ${issue.message}`);
  if (issue.received === 'undefined') throw badModel(path, `lacks "${where}"`);
  throw badModel(path, `has a wrong "${where}": ${issue.message}`);
}

/** Reads `name` in `dir` as JSON of the shape of `schema`, or gives null if there is no such file. */
export async function readJsonIfAny<S extends v.GenericSchema>(
  dir: string,
  name: string,
  schema: S,
): Promise<v.InferOutput<S> | null> {
  const text = await readTextIfAny(dir, name);
  return text === null ? null : parseJson(text, schema, join(dir, name));
}

/** Members of the outermost object of `json`, which must be valid: `JSON.parse` keeps the last of two equal names. */
export function countMembers(json: string): number {
  let depth = 0;
  let members = 0;
  let quoted = false;
  for (let i = 0; i < json.length; i++) {
    const char = json[i];
    if (quoted) {
      if (char === '\\') i++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    else if (char === ':' && depth === 1) members++;
  }
  return members;
}
