import { type Agent, type IncomingHttpHeaders, type IncomingMessage, request as startHttp } from 'node:http';
import { request as startHttps } from 'node:https';
import { finished } from 'node:stream';
import { cancelled, EngineError } from '../engine';
import { connectionFailure, type Progress } from './connection-failure';
import { EndpointFailure } from './endpoint-failure';

/** Pieces that wait to be read before no more are taken; a piece has 64 KB at most. */
const MOST_WAITING = 64;

/** Bytes of a request that are cheaper to copy than to send in many pieces. */
const MOST_COPIED = 1 << 18;

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent one after another; nothing for a GET. */
  readonly body: readonly Uint8Array[];
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /**
   * To be read to its end, or left early: then the connection is free for another request as soon as the rest is through, and
   * an abort or `close` ends it before. Throws `EngineError`.
   */
  readonly body: AsyncIterable<Uint8Array>;
  /** Closes the connection, if the answer is not through yet. */
  readonly close: () => void;
}

/** In milliseconds. */
export interface HttpLimits {
  /** Longest time until there is a connection. */
  readonly connect: number;
  /** Longest time in which nothing moves, before the answer or in it. */
  readonly idle: number;
  /**
   * Shortest time from one piece of an answer to the next, so that a server that speaks a few bytes at a time is heard in fewer
   * steps. The first piece and the end are not held up. Zero unless given.
   */
  readonly pace?: number;
}

/**
 * Asks a server and resolves with the head of its answer. An abort ends it at any time by closing the connection.
 *
 * Node's own client, not `fetch`, whose limits of 300 s of silence cannot be changed: a large model on a small machine
 * reads its images for longer than that before the first word.
 *
 * @throws EngineError `cancelled`, `unreachable`, `hung` or `server`.
 */
export function exchange(
  request: HttpRequest,
  limits: HttpLimits,
  agent: Agent,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const { method, url, headers, body } = request;
  const length = body.reduce((sum, { byteLength }) => sum + byteLength, 0);
  let progress: Progress = 'connecting';
  /** Why we closed the connection, if we did. */
  let ours: EngineError | null = null;
  let isThrough = false;

  return new Promise((resolve, reject) => {
    const start = url.protocol === 'https:' ? startHttps : startHttp;
    const sizes = method === 'POST' ? { 'content-length': String(length) } : {};
    const outgoing = start(url, { method, headers: { ...headers, ...sizes }, agent });
    const end = (error: EngineError) => {
      ours ??= error;
      // Without the error: by then the socket may belong to nobody who would hear of it.
      outgoing.destroy();
      // A request that waits for its connection, as by a proxy that says nothing, would only hear of its end with that.
      settle();
      reject(ours);
    };
    const explain = (error: unknown) => ours ?? connectionFailure(error, url.host, progress);

    const abort = () => {
      if (!isThrough) end(cancelled());
    };
    signal.addEventListener('abort', abort, { once: true });
    const late = setTimeout(() => end(tooLate(url.host, limits.connect)), limits.connect);
    const connected = () => {
      clearTimeout(late);
      if (progress === 'connecting') progress = 'asking';
    };
    const settle = () => {
      clearTimeout(late);
      signal.removeEventListener('abort', abort);
    };

    outgoing.on('socket', (socket) => {
      if (!socket.connecting) connected();
      else socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', connected);
    });
    outgoing.setTimeout(limits.idle, () => end(silent(url.host, limits.idle)));
    outgoing.on('error', (error) => {
      settle();
      reject(explain(error));
    });
    outgoing.on('response', (incoming) => {
      connected();
      progress = 'answering';
      const through = () => {
        isThrough = true;
        settle();
      };
      incoming.once('end', through).once('close', through);
      // Whoever reads it hears of its errors; there may be nobody yet.
      incoming.on('error', () => {});
      resolve({
        status: incoming.statusCode ?? 0,
        headers: incoming.headers,
        body: read(incoming, limits.pace ?? 0, explain),
        close: abort,
      });
    });
    if (length <= MOST_COPIED) outgoing.end(Buffer.concat(body));
    else {
      for (const piece of body) outgoing.write(piece);
      outgoing.end();
    }
    if (signal.aborted) abort();
  });
}

/** What comes within `pace` milliseconds in one piece. */
async function* read(
  incoming: IncomingMessage,
  pace: number,
  explain: (error: unknown) => EngineError,
): AsyncGenerator<Uint8Array> {
  let come: Uint8Array[] = [];
  const ends: unknown[] = [];
  let isResting = false;
  let timer: NodeJS.Timeout | undefined;
  let wake = () => {};
  const isDue = () => ends.length > 0 || come.length >= (isResting ? MOST_WAITING : 1);
  const look = () => {
    if (isDue()) wake();
  };
  const rest = () => {
    isResting = true;
    clearTimeout(timer);
    timer = setTimeout(() => {
      isResting = false;
      look();
    }, pace);
  };
  const take = (bytes: Uint8Array) => {
    come.push(bytes);
    // Goes on as it is read.
    if (come.length >= MOST_WAITING) incoming.pause();
    look();
  };
  finished(incoming, (error) => {
    ends.push(error);
    look();
  });
  incoming.on('data', take);
  try {
    for (;;) {
      if (!isDue()) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (come.length > 0) {
        const bytes = Buffer.concat(come);
        come = [];
        if (pace > 0) rest();
        incoming.resume();
        yield bytes;
      } else if (ends.length > 0) {
        if (ends[0]) throw explain(ends[0]);
        return;
      }
    }
  } finally {
    clearTimeout(timer);
    incoming.off('data', take);
    incoming.resume();
  }
}

const tooLate = (host: string, limit: number): EngineError =>
  new EndpointFailure('unreachable', `${host} took no connection within ${limit / 1000} s.`, { after: null });

const silent = (host: string, limit: number): EngineError =>
  new EngineError('hung', `${host} said nothing for ${limit / 1000} s.`);
