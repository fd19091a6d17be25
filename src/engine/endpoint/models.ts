import * as v from 'valibot';
import { EngineError } from '../engine';
import { EndpointFailure } from './endpoint-failure';
import type { Server } from './server';
import { oneLine } from './server-words';

/** `max_model_len` is vLLM's: the longest conversation in tokens. */
const listSchema = v.object({
  data: v.array(
    v.object({
      id: v.string(),
      max_model_len: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1))),
    }),
  ),
});

export interface ServedModel {
  readonly name: string;
  /** Longest conversation in tokens, null if the server does not say. */
  readonly contextLength: number | null;
}

/** The first of some names, for messages. */
export function nameList(names: readonly string[]): string {
  const shown = names.slice(0, 10).flatMap((name) => oneLine(name, 80) ?? []);
  return `${shown.join(', ')}${names.length > shown.length ? ', …' : ''}`;
}

/**
 * The models that a server says it has; null where it keeps no list, or none that can be read, which does not keep it
 * from serving one.
 *
 * @throws EngineError `access`, `unreachable`, `hung`, `cancelled`; `busy` where it asks to come back later.
 */
export async function listModels(server: Server, signal: AbortSignal): Promise<ServedModel[] | null> {
  try {
    const list = v.safeParse(listSchema, JSON.parse(await server.get('models', signal)));
    if (!list.success) return null;
    return list.output.data.map(({ id, max_model_len }) => ({
      name: id,
      contextLength: max_model_len ?? null,
    }));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    if (!(error instanceof EndpointFailure) || error.status === null || error.kind === 'access') throw error;
    if (error.status === 429 || error.status === 503) throw error;
    return null;
  }
}

/**
 * The model that is asked for: the one of that name, whether the server lists it or not (some list what they have on
 * disk, and serve one that is elsewhere); without a name, the only one it has.
 *
 * @throws EngineError `bad-model` where it is not clear which.
 */
export function chooseModel(
  name: string | null,
  models: readonly ServedModel[] | null,
  host: string,
  advice: string,
): ServedModel {
  if (name !== null) {
    return { name, contextLength: models?.find((model) => model.name === name)?.contextLength ?? null };
  }
  const [first, ...others] = models ?? [];
  if (first !== undefined && others.length === 0) return first;
  const names = (models ?? []).map((model) => model.name);
  const has =
    names.length > 1 ? `has several models: ${nameList(names)}` : 'does not say which models it has';
  throw new EngineError('bad-model', `${host} ${has}. ${advice}`);
}
