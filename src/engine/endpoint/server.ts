import { Agent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { brokenOff, type EndpointFailure } from './endpoint-failure';
import { type Advice, type Asked, explainRefusal } from './explain-refusal';
import { exchange, type HttpLimits, type HttpRequest, type HttpResponse } from './http-exchange';
import { retryAfter } from './retry';
import { oneLine, type ServerWords, wordsOfBody } from './server-words';

/** Most of an answer that is read at once, in bytes: a list of models, or an error. */
const LARGEST = 4 * 2 ** 20;

export interface ServerOptions {
  /** Base of its API, ending in a slash. */
  readonly address: URL;
  readonly key: string | null;
  readonly limits: HttpLimits;
  readonly advice: Advice;
}

/** A server: asks it with the key, and says in words what it refuses. The key is in no message. */
export class Server {
  /** What is served, for messages. */
  model: string | null = null;
  models: string | null = null;
  private readonly agent: Agent;

  constructor(private readonly options: ServerOptions) {
    const secure = options.address.protocol === 'https:';
    this.agent = secure ? new SecureAgent({ keepAlive: true }) : new Agent({ keepAlive: true });
  }

  get host(): string {
    return this.options.address.host;
  }

  /** The text of what lies at `path`. Throws `EngineError`. */
  async get(path: string, signal: AbortSignal): Promise<string> {
    const response = await this.ask({ method: 'GET', path, body: [], accept: 'application/json' }, signal);
    return readText(response, this.host);
  }

  /** The answer to JSON, given in pieces of bytes, as a stream of events. Throws `EngineError`. */
  async stream(path: string, body: readonly Uint8Array[], signal: AbortSignal): Promise<HttpResponse> {
    const response = await this.ask({ method: 'POST', path, body, accept: 'text/event-stream' }, signal);
    const type = response.headers['content-type'] ?? 'no type';
    if (type.startsWith('text/event-stream')) return response;
    const { reason } = wordsOfBody(await readText(response, this.host));
    const said = reason === null ? '' : `: ${reason}`;
    throw this.refusal(null, {
      reason: `it answers with ${oneLine(type, 80)}, not with a stream of events${said}`,
      code: null,
    });
  }

  /** The failure that an error of this server stands for, see `explainRefusal`. */
  refusal(status: number | null, words: ServerWords, after: number | null = null): EndpointFailure {
    const { host, model, models } = this;
    const { advice, key } = this.options;
    const asked: Asked = { host, model, models, hasKey: key !== null, advice };
    const reason = key === null || words.reason === null ? words.reason : words.reason.replaceAll(key, '…');
    return explainRefusal(status, { ...words, reason }, asked, after);
  }

  /** Closes the connections that are kept for the next request. */
  close(): void {
    this.agent.destroy();
  }

  private async ask(
    request: Pick<HttpRequest, 'method' | 'body'> & { readonly path: string; readonly accept: string },
    signal: AbortSignal,
  ): Promise<HttpResponse> {
    const { address, key, limits } = this.options;
    const { method, path, body, accept } = request;
    const headers = {
      accept,
      ...(method === 'POST' && { 'content-type': 'application/json' }),
      ...(key !== null && { authorization: `Bearer ${key}` }),
    };
    const url = new URL(path, address);
    const response = await exchange({ method, url, headers, body }, limits, this.agent, signal);
    const { status } = response;
    if (status === 200) return response;
    const words = wordsOfBody(await readText(response, this.host));
    const { location } = response.headers;
    if (status >= 300 && status < 400 && location !== undefined)
      throw this.refusal(status, { reason: `it is at ${oneLine(location, 200)}`, code: null });
    throw this.refusal(status, words, retryAfter(response.headers['retry-after'], Date.now()));
  }
}

async function readText({ body, close }: HttpResponse, host: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    length += piece.byteLength;
    if (length > LARGEST) {
      close();
      throw brokenOff(`${host} sends more than ${LARGEST} bytes where it should say little.`);
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}
