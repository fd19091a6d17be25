import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, createServer as createSocketServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HttpLimits } from '../../../../src/engine/endpoint/http-exchange';
import { downloadModel } from '../../../../src/engine/hub/download-model';
import { openCheckpoint } from '../../../../src/engine/onnx/checkpoint';
import { tinyFolder, writeFolder } from '../../../helpers/checkpoint-folder';
import { engineError } from '../../../helpers/engine-error';
import { localHub } from '../../../helpers/hub-server';
import { temporaryFolder } from '../../../helpers/temporary-folder';

/** Of nobody but these tests: it proves nothing. */
const pem = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../../fixtures/tls', `localhost.${name}.pem`), 'utf8');

interface Proxy {
  readonly port: number;
  readonly targets: string[];
  readonly credentials: (string | undefined)[];
}

/** A proxy that makes tunnels, or refuses each with a status. */
async function tunnelProxy(refusal: number | null = null): Promise<Proxy> {
  const [targets, credentials]: [string[], (string | undefined)[]] = [[], []];
  const server = createServer();
  server.on('connect', (request, socket) => {
    targets.push(request.url ?? '');
    credentials.push(request.headers['proxy-authorization']);
    if (refusal !== null) {
      socket.end(`HTTP/1.1 ${refusal} No\r\n\r\n`);
      return;
    }
    const [host = '', port] = (request.url ?? '').split(':');
    const through = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      through.pipe(socket).pipe(through);
    });
    for (const end of [socket, through]) end.on('error', () => through.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return { port: address.port, targets, credentials };
}

interface Ways {
  readonly ca?: string;
  readonly noProxy?: readonly string[];
  readonly signal?: AbortSignal;
  readonly limits?: HttpLimits;
}

async function throughProxy(proxy: string, { ca = pem('cert'), noProxy = [], signal, limits }: Ways = {}) {
  const root = await temporaryFolder();
  await writeFolder(join(root, 'source'), tinyFolder());
  const hub = await localHub(join(root, 'source'), { tls: { key: pem('key'), cert: pem('cert') } });
  const download = downloadModel({
    repo: 'some-org/Some-Model',
    settings: { endpoint: hub.url, token: 'hf_secret', cacheDir: join(root, 'hub'), proxy, noProxy },
    signal: signal ?? new AbortController().signal,
    client: {
      retry: { times: 1, first: 1, longest: 1 },
      ...(ca !== '' && { ca }),
      ...(limits && { limits }),
    },
  });
  return { hub, download };
}

it('a hub is reached through a tunnel of the proxy, with its user and password', async () => {
  const proxy = await tunnelProxy();
  const { hub, download } = await throughProxy(`http://me:p%40ss@127.0.0.1:${proxy.port}`);
  expect((await openCheckpoint(await download)).name).toBe('Some-Model');
  expect(new Set(proxy.targets)).toEqual(new Set([new URL(hub.url).host]));
  expect(proxy.credentials[0]).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
  // What goes through the tunnel is between the hub and us.
  expect(hub.requests.every(({ headers }) => headers.authorization === 'Bearer hf_secret')).toBe(true);
});

it('a certificate that nobody vouches for is refused, through a proxy too', async () => {
  const proxy = await tunnelProxy();
  const { hub, download } = await throughProxy(`127.0.0.1:${proxy.port}`, { ca: '' });
  expect(await engineError(download)).toMatchObject({
    kind: 'unreachable',
    message: expect.stringContaining('certificate'),
  });
  expect(hub.requests).toEqual([]);
});

it.each([
  [407, 'wants a user and password'],
  [403, 'refuses with 403'],
])('a proxy that refuses with %i is quoted', async (status, words) => {
  const proxy = await tunnelProxy(status);
  const { download } = await throughProxy(`http://127.0.0.1:${proxy.port}`);
  expect((await engineError(download)).message).toContain(words);
});

it('a proxy that is no address is refused', async () => {
  const { download } = await throughProxy('socks5://127.0.0.1:1');
  expect((await engineError(download)).message).toContain('address of the proxy');
});

describe('a proxy that takes a connection and then says nothing', () => {
  /** `greeting` is all that it ever says. */
  async function silentProxy(greeting: string) {
    const sockets = new Set<Socket>();
    const server = createSocketServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
      socket.once('data', () => socket.write(greeting));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
    return { proxy: `http://127.0.0.1:${address.port}`, sockets, asked: once(server, 'connection') };
  }

  it.each([
    ['at all', '', 'unreachable', /took no connection within 0\.2 s/, 200],
    ['in its tunnel', 'HTTP/1.1 200 OK\r\n\r\n', 'hung', /said nothing for 0\.3 s/, 60_000],
  ])('%s is given up', async (_, greeting, kind, words, connect) => {
    const { proxy, sockets } = await silentProxy(greeting);
    const { download } = await throughProxy(proxy, { limits: { connect, idle: 300 } });
    const error = await engineError(download);
    expect(error.kind).toBe(kind);
    expect(error.message).toMatch(words);
    await expect.poll(() => sockets.size).toBe(0);
  });

  it.each([
    ['at all', ''],
    ['in its tunnel', 'HTTP/1.1 200 OK\r\n\r\n'],
  ])('%s keeps nobody from cancelling', async (_, greeting) => {
    const { proxy, sockets, asked } = await silentProxy(greeting);
    const controller = new AbortController();
    const { download } = await throughProxy(proxy, { signal: controller.signal });
    const failure = engineError(download);
    await asked;
    controller.abort();
    expect((await failure).kind).toBe('cancelled');
    await expect.poll(() => sockets.size).toBe(0);
  });
});

it('a host that a rule leaves out is reached without the proxy, also where the hub leads to it', async () => {
  const proxy = await tunnelProxy();
  const { hub, download } = await throughProxy(`http://127.0.0.1:${proxy.port}`, { noProxy: ['localhost'] });
  const root = await temporaryFolder();
  await writeFolder(join(root, 'source'), tinyFolder());
  const other = await localHub(join(root, 'source'), { tls: { key: pem('key'), cert: pem('cert') } });
  const elsewhere = other.url.replace('127.0.0.1', 'localhost');
  hub.fault = ({ path }, response) => {
    if (!path.endsWith('.safetensors')) return false;
    response.writeHead(302, { location: `${elsewhere}${path}` }).end();
    return true;
  };
  await download;
  expect(other.requests.map(({ path }) => path.split('/').at(-1))).toEqual(['model.safetensors']);
  expect(new Set(proxy.targets)).toEqual(new Set([new URL(hub.url).host]));
});
