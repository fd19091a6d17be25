import type { EngineErrorKind } from '../engine';
import { EndpointFailure } from './endpoint-failure';
import type { ServerWords } from './server-words';

/** How a user gives what an engine lacks, in the words of the program that it runs in; whole sentences. */
export interface Advice {
  /** How to give a key. */
  readonly key: string;
  /** How to name the model. */
  readonly model: string;
  /** How to ask with fewer images, or smaller ones. */
  readonly images: string;
}

/** What was asked of whom, for messages. */
export interface Asked {
  readonly host: string;
  readonly model: string | null;
  /** Names of the models that the server says it has, or null if it does not say. */
  readonly models: string | null;
  readonly hasKey: boolean;
  readonly advice: Advice;
}

/** Statuses after which the same request may be served. */
const BUSY = new Set([408, 425, 429, 500, 502, 503, 504, 529]);

const TOO_LONG =
  /context.?(length|size|window)|maximum (model|input|prompt|sequence) length|longer than the (max|context)|exceed_context_size|too long to fit|reduce the length/i;
const TOO_MANY_IMAGES =
  /at most \d+ images?|at most \d+ image\(s\)|too many images|(limit|maximum|max)\b.{0,40}\bimages?\b/i;
const NO_IMAGES =
  /image input is not supported|not a multimodal model|(does not|doesn't) support (image|vision)|at most 0 image/i;
const NO_MODEL =
  /model.{0,200}(does not exist|not found|not exist|not loaded|unknown)|(unknown|invalid|no such) model|server is pinned to|model_not_found/i;

/**
 * The failure that a status other than 200 stands for, or an error in the middle of an answer.
 *
 * @param status null for an error in an answer that has none of its own.
 * @param after the wait that the server asks for, in milliseconds, if it does.
 */
export function explainRefusal(
  status: number | null,
  words: ServerWords,
  asked: Asked,
  after: number | null,
): EndpointFailure {
  const [kind, message] = explain(status, words, asked);
  const mayPass = (kind === 'server' || kind === 'busy') && status !== null && BUSY.has(status);
  const again = mayPass ? { after } : null;
  return new EndpointFailure(kind, message, again, status);
}

/** What servers say counts for more than the status they say it with, on which they don't agree. */
function explain(status: number | null, words: ServerWords, asked: Asked): [EngineErrorKind, string] {
  const { host, hasKey, advice } = asked;
  const said = `(${[status, words.reason].filter((part) => part !== null).join(': ')})`;
  const text = `${words.reason ?? ''} ${words.code ?? ''}`;
  const model = asked.model === null ? 'model' : `model "${asked.model}"`;
  if (status === 401 || status === 403)
    return ['access', `${host} ${hasKey ? 'refuses the key' : 'wants a key'} ${said}. ${advice.key}`];
  if (NO_IMAGES.test(text))
    return ['bad-model', `The ${model} on ${host} takes no images ${said}. ${advice.model}`];
  if (TOO_LONG.test(text))
    return [
      'bad-request',
      `The conversation is too long for the ${model} on ${host} ${said}. ${advice.images}`,
    ];
  if (TOO_MANY_IMAGES.test(text))
    return ['refused', `${host} takes fewer images than this conversation has ${said}. ${advice.images}`];
  if (NO_MODEL.test(text)) {
    const has = asked.models === null ? '' : ` It has ${asked.models}.`;
    return ['bad-model', `${host} has no ${model} ${said}.${has} ${advice.model}`];
  }
  if (status === 404 || status === 405)
    return ['bad-model', `There is no chat endpoint at that address of ${host} ${said}.`];
  if (status === 413) return ['refused', `The request is too large for ${host} ${said}. ${advice.images}`];
  if (status === 503) return ['busy', `${host} is not ready ${said}.`];
  if (status === 429) return ['busy', `${host} has too much to do ${said}.`];
  if (status === null || status >= 500 || BUSY.has(status)) return ['server', `${host} failed ${said}.`];
  return ['refused', `${host} refuses the request ${said}.`];
}
