import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { chatServer, chunk, event, finish, say, sayThen, streams } from '../../helpers/chat-server';
import { AT_ONCE, openTiny, SAY_IT } from '../../helpers/endpoint';
import { engineError } from '../../helpers/engine-error';
import { outcome } from '../../helpers/engine-process';

describe('time runs out', () => {
  it('for a server that stops in the middle: what it said is kept, and it is not asked again', async () => {
    const server = await chatServer([sayThen('One two', () => {})]);
    const { text, error } = await outcome(await openTiny(server.url, { limits: { idle: 200 } }), SAY_IT);
    expect(text).toBe('One two');
    expect(error).toMatchObject({ kind: 'hung', message: `${server.host} said nothing for 0.2 s.` });
    await expect.poll(() => server.requests.map(({ left }) => left)).toEqual([true]);
  });

  it('for a server that does not answer', async () => {
    const server = await chatServer([() => {}]);
    const { error } = await outcome(await openTiny(server.url, { limits: { idle: 200 } }), SAY_IT);
    expect(error?.kind).toBe('hung');
  });

  it('not for one that is slow, but says that it is there', async () => {
    const server = await chatServer([
      async (response) => {
        streams(response);
        for (let i = 0; i < 12; i++) {
          response.write(': ping\n\n');
          await sleep(100);
        }
        response.end(event(chunk('Yes.')) + event(finish()));
      },
    ]);
    const { text, error } = await outcome(await openTiny(server.url, { limits: { idle: 1000 } }), SAY_IT);
    expect({ text, error }).toEqual({ text: 'Yes.', error: null });
  });
});

describe('one connection', () => {
  it('serves one turn after the other', async () => {
    const ports = new Set<number | undefined>();
    const server = await chatServer([
      (response, request) => {
        ports.add(response.socket?.remotePort);
        return say('Yes.')(response, request);
      },
    ]);
    const engine = await openTiny(server.url);
    for (let turn = 0; turn < 5; turn++) {
      expect(await outcome(engine, SAY_IT)).toMatchObject({ text: 'Yes.', error: null });
      // What the server ends its answer with may come a moment after the answer.
      await sleep(20);
    }
    expect(ports.size).toBe(1);
  });

  it('that stays open after the reply is whole is closed, and the next turn has another', async () => {
    const server = await chatServer([
      (response) => {
        streams(response);
        response.write(`${event(chunk('Yes.'))}${event(finish())}data: [DONE]\n\n`);
      },
    ]);
    const engine = await openTiny(server.url);
    for (let turn = 0; turn < 2; turn++) expect(await outcome(engine, SAY_IT)).toMatchObject({ error: null });
    await expect.poll(() => server.requests.map(({ left }) => left)).toEqual([true, true]);
  });
});

describe('there is no connection', () => {
  it('where nobody listens', async () => {
    const { port, close } = await listen(() => {});
    await close();
    const error = await engineError(openTiny(`http://127.0.0.1:${port}`));
    expect(error).toMatchObject({
      kind: 'unreachable',
      message: `No server answers at 127.0.0.1:${port}: the connection was refused. Is it running?`,
    });
  });

  it('where the server is gone when it is asked, after another try', async () => {
    const server = await chatServer([say('Yes.')]);
    const engine = await openTiny(server.url, { retry: { ...AT_ONCE, times: 1 } });
    await server.stop();
    const { error } = await outcome(engine, SAY_IT);
    expect(error).toMatchObject({
      kind: 'unreachable',
      message: `No server answers at ${server.host}: the connection was refused. Is it running? It was tried 2 times.`,
    });
  });

  it('where what listens hangs up, as a server of https does when it is spoken to in http', async () => {
    let calls = 0;
    const { port } = await listen((socket) => {
      calls += 1;
      socket.once('data', () => socket.end());
    });
    const error = await engineError(openTiny(`http://127.0.0.1:${port}`));
    expect(error).toMatchObject({
      kind: 'server',
      message: `127.0.0.1:${port} closed the connection before it answered (ECONNRESET).`,
    });
    expect(calls).toBe(1);
  });

  it('where the name is not known', async () => {
    const error = await engineError(openTiny('http://nowhere.invalid'));
    expect(error.kind).toBe('unreachable');
    expect(error.message).toMatch(/^The name of the server, nowhere\.invalid, is not known here/);
  });

  it.each([
    ['https', 'speaks', /does not speak https/],
    ['http', 'SSH-2.0-OpenSSH_9\r\n', /What .* says is no HTTP/],
  ])('where somebody else listens: %s', async (protocol, greeting, message) => {
    const { port } = await listen((socket) => socket.end(greeting));
    const error = await engineError(openTiny(`${protocol}://127.0.0.1:${port}`));
    expect(error.kind).toBe('unreachable');
    expect(error.message).toMatch(message);
  });

  it('where it does not come about in time', async () => {
    // A name server that never answers would do; so does a TLS handshake that never goes on.
    const { port } = await listen(() => {});
    const error = await engineError(openTiny(`https://127.0.0.1:${port}`, { limits: { connect: 100 } }));
    expect(error).toMatchObject({
      kind: 'unreachable',
      message: `127.0.0.1:${port} took no connection within 0.1 s.`,
    });
  });
});

/** Something that listens, and does this with whoever comes. */
async function listen(
  welcome: (socket: Socket) => void,
): Promise<{ port: number; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    welcome(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    for (const socket of sockets) socket.destroy();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  onTestFinished(close);
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return { port: address.port, close };
}
