import type { Agent } from 'node:http';
import * as v from 'valibot';
import { EndpointFailure } from '../endpoint/endpoint-failure';
import { exchange, type HttpLimits, type HttpResponse } from '../endpoint/http-exchange';
import { pause } from '../endpoint/pause';
import { DEFAULT_RETRY, type RetryPolicy, retryAfter, waitBefore } from '../endpoint/retry';
import { EngineError } from '../engine';
import { type HubSettings, proxyFor } from './hub-settings';
import { makeAgent } from './proxy-agent';

const LIMITS: HttpLimits = { connect: 30_000, idle: 60_000 };
/** Redirects in a row that are followed. */
const HOPS = 5;
/** Most of an answer that is read at once, in bytes: a list of files. */
const LARGEST = 16 * 2 ** 20;

export interface ClientOptions {
  readonly retry?: RetryPolicy;
  readonly limits?: HttpLimits;
  /** Told why a request is tried again later. */
  readonly onWaiting?: (why: string) => void;
  /** Certificates that are trusted besides those that Node trusts. */
  readonly ca?: string;
}

/** A hub, asked for what it knows of one repository and for its files. The token goes to the hub alone. */
export class HubClient {
  private readonly agents = new Map<string, Agent>();
  private readonly retry: RetryPolicy;

  constructor(
    private readonly settings: HubSettings,
    private readonly repo: string,
    private readonly options: ClientOptions = {},
  ) {
    this.retry = options.retry ?? DEFAULT_RETRY;
  }

  /** What lies at `path`, as JSON of that form. Throws `EngineError`. */
  json<T>(path: string, schema: v.GenericSchema<unknown, T>, signal: AbortSignal): Promise<T> {
    return this.patiently(async () => {
      const { body } = await this.get(path, {}, signal);
      const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), await readText(body));
      if (parsed.success) return parsed.output;
      const [{ message } = { message: '' }] = parsed.issues;
      throw new EngineError(
        'server',
        `What ${this.host} says of ${this.repo} is not understood: ${message}.`,
      );
    }, signal);
  }

  /** Does `work` again and again, later each time, while what fails may fare better; `reset` starts the count anew. */
  async patiently<T>(work: (reset: () => void) => Promise<T>, signal: AbortSignal): Promise<T> {
    let tries = 0;
    const reset = () => {
      tries = 0;
    };
    for (;;) {
      try {
        return await work(reset);
      } catch (error) {
        const again = error instanceof EndpointFailure ? error.again : hung(error);
        const wait = again === null ? null : waitBefore(++tries, again.after, this.retry);
        if (wait === null || !(error instanceof EngineError)) throw error;
        this.options.onWaiting?.(error.message);
        await pause(wait, signal);
      }
    }
  }

  /** The head of an answer to one try, redirects followed, and its body to be read. */
  async get(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<HttpResponse> {
    let url = new URL(`${this.settings.endpoint}${path}`);
    const hub = url;
    for (let hop = 0; hop <= HOPS; hop++) {
      const own = url.origin === hub.origin && this.settings.token !== null;
      const authorization = own ? { authorization: `Bearer ${this.settings.token}` } : {};
      const request = { method: 'GET', url, headers: { ...headers, ...authorization }, body: [] } as const;
      const response = await exchange(request, this.options.limits ?? LIMITS, this.agent(url), signal);
      const { status } = response;
      const { location } = response.headers;
      if (status < 300 || status === 416) return response;
      await leave(response);
      if (status >= 400 || location === undefined) throw this.refusal(response, url);
      if (!URL.canParse(location, url.href))
        throw new EngineError('server', `${url.host} leads to what is no address.`);
      const next = new URL(location, url);
      if (!/^https?:$/.test(next.protocol) || (url.protocol === 'https:' && next.protocol === 'http:'))
        throw new EngineError('server', `${url.host} leads to ${next.host} without https.`);
      url = next;
    }
    throw new EngineError('server', `${this.host} leads from one address to the next without end.`);
  }

  close(): void {
    for (const agent of this.agents.values()) agent.destroy();
  }

  private get host(): string {
    return new URL(this.settings.endpoint).host;
  }

  /** By the proxy, if it is for that host. */
  private agent(url: URL): Agent {
    const { ca } = this.options;
    const proxy = proxyFor(url, this.settings);
    const key = `${url.protocol} ${proxy}`;
    const known = this.agents.get(key);
    const agent = known ?? makeAgent(url.protocol, proxy, ca === undefined ? {} : { ca });
    this.agents.set(key, agent);
    return agent;
  }

  private refusal({ status, headers }: HttpResponse, { host }: URL): EngineError {
    const { endpoint, token } = this.settings;
    const { repo } = this;
    const code = headers['x-error-code'];
    const key = 'put a token of yours into the environment variable HF_TOKEN, or log in with "hf auth login"';
    if (status === 429 || status >= 500) {
      const what = status === 429 ? 'has too many requests' : `fails (${status})`;
      const after = retryAfter(headers['retry-after'], Date.now());
      return new EndpointFailure('server', `${host} ${what}.`, { after }, status);
    }
    if (code === 'GatedRepo' || (status === 403 && host === this.host)) {
      const then = token === null ? ` Then ${key}.` : ' Then try again with the token of the same account.';
      return new EngineError(
        'access',
        `${repo} is for those who have accepted its terms: do that at ${endpoint}/${repo}.${then}`,
      );
    }
    if (status === 401 && host === this.host) {
      const why =
        token === null
          ? `If it is private, ${key}.`
          : 'The token that is used may not read it, or has expired.';
      return new EngineError('access', `${host} shows no model ${repo}: is the name right? ${why}`);
    }
    if (status === 404) {
      const what =
        code === 'RevisionNotFound'
          ? `${repo} has no such revision`
          : `There is no model ${repo} or no such file`;
      return new EngineError('bad-model', `${what} at ${host}.`);
    }
    return new EngineError('server', `${host} refuses what was asked of ${repo} (${status}).`);
  }
}

/** Silence may be over the next time. */
const hung = (error: unknown): { readonly after: null } | null =>
  error instanceof EngineError && error.kind === 'hung' ? { after: null } : null;

async function leave({ body }: HttpResponse): Promise<void> {
  let bytes = 0;
  // What little there is, so that the connection can be used again.
  for await (const piece of body) {
    bytes += piece.byteLength;
    if (bytes > 2 ** 16) return;
  }
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    pieces.push(piece);
    length += piece.byteLength;
    if (length > LARGEST)
      throw new EngineError('server', 'The hub sends more than a list of files could be.');
  }
  return Buffer.concat(pieces).toString('utf8');
}
