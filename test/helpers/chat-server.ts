import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** A chat request as it arrived. */
export interface ChatRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  /** Milliseconds, by the clock of `performance`. */
  readonly at: number;
  /** Whether the one who asked closed the connection before the answer was whole. */
  left: boolean;
}

/** How the server answers one request: well, or with a fault. */
export type Answer = (response: ServerResponse, request: ChatRequest) => void | Promise<void>;

export interface ChatServer {
  readonly url: string;
  readonly host: string;
  readonly requests: ChatRequest[];
  /** Most requests that were being answered at the same time. */
  readonly most: () => number;
  /** Closes it and all its connections; the test's end does so too. */
  readonly stop: () => Promise<void>;
}

export interface ChatServerOptions {
  /** How it answers `GET /v1/models`; it has one model, `tiny`, unless given. */
  readonly models?: Answer;
}

/** A local server with a chat endpoint, which answers each request as the next of `answers` says; the last for ever. */
export async function chatServer(
  answers: readonly Answer[],
  { models = json({ data: [{ id: 'tiny' }] }) }: ChatServerOptions = {},
): Promise<ChatServer> {
  const requests: ChatRequest[] = [];
  let [now, most] = [0, 0];
  const server = createServer(async (incoming, response) => {
    const text = await readAll(incoming);
    const request: ChatRequest = {
      headers: incoming.headers,
      body: text === '' ? null : JSON.parse(text),
      at: performance.now(),
      left: false,
    };
    if (incoming.url === '/v1/models') return models(response, request);
    if (incoming.url !== '/v1/chat/completions') return json({ detail: 'Not Found' }, 404)(response, request);
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    requests.push(request);
    now += 1;
    most = Math.max(most, now);
    response.on('close', () => {
      now -= 1;
      request.left = !response.writableFinished;
    });
    await answer?.(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(stop);
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  const host = `127.0.0.1:${address.port}`;
  return { url: `http://${host}`, host, requests, most: () => most, stop };
}

async function readAll(incoming: IncomingMessage): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of incoming) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

/** One event of a stream. */
export const event = (data: unknown): string =>
  `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

/** A chunk that says more, in the field of the answer or of the thought. */
export const chunk = (text: string, field = 'content') => ({
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta: { [field]: text } }],
});
export const finish = (reason = 'stop') => ({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });
export const usage = (tokens: number) => ({ choices: [], usage: { completion_tokens: tokens } });

/** The words of a text with the blanks before them: what a chunk holds. */
export const words = (text: string): string[] => text.match(/\s*\S+|\s+$/g) ?? [];

/** An answer that is JSON. */
export const json =
  (value: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(value));
  };

/** Whole answers of any sort. */
export const plain =
  (status: number, text: string, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'text/plain', ...headers });
    response.end(text);
  };

/** The head of an answer that streams. */
export function streams(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.flushHeaders();
}

/** Streams these events, and ends. */
export const stream =
  (...events: readonly unknown[]): Answer =>
  (response) => {
    streams(response);
    for (const data of events) response.write(event(data));
    response.end();
  };

/** Says a text, a word a chunk, as vLLM does: with a count at the end, and `[DONE]`. */
export const say = (text: string): Answer =>
  stream(...words(text).map((word) => chunk(word)), finish(), usage(words(text).length), '[DONE]');

/** Says a text word by word with a pause before each, as long as somebody listens. */
export const saySlowly =
  (text: string, pause: number): Answer =>
  async (response) => {
    streams(response);
    for (const word of words(text)) {
      await sleep(pause);
      if (response.destroyed) return;
      response.write(event(chunk(word)));
    }
    response.end(event(finish()));
  };

/** Says the first words of a text and then lets `fault` happen. */
export const sayThen =
  (text: string, fault: (response: ServerResponse) => void): Answer =>
  async (response) => {
    streams(response);
    for (const word of words(text)) response.write(event(chunk(word)));
    // So that what was said arrives before.
    await sleep(20);
    fault(response);
  };
