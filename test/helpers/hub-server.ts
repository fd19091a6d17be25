import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface HubRequest {
  /** Which server was asked: the hub, or the one that has the large files. */
  readonly of: 'hub' | 'cdn';
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** Answers a request in another way than a sound hub; false leaves it to that. */
export type Fault = (request: HubRequest, response: ServerResponse, file: Buffer | null) => boolean;

export interface LocalHub {
  readonly url: string;
  readonly commit: string;
  readonly requests: HubRequest[];
  /** Requests for the contents of files, as `FILE` or `FILE bytes=N-`. */
  asked(): string[];
  /** What goes wrong from now on; null nothing. */
  fault: Fault | null;
}

export interface LocalHubOptions {
  readonly repo?: string;
  /** Serves over TLS with this key and certificate. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** For a server that outlives the test that began it. */
  readonly forever?: boolean;
}

const COMMIT = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00';

/**
 * A local server of the hub's form, that has one model: the files of `folder`. Files of weights are led on to a second server,
 * as the hub leads to where large files are.
 */
export async function localHub(
  folder: string,
  { repo = 'some-org/Some-Model', tls, forever = false }: LocalHubOptions = {},
): Promise<LocalHub> {
  const files = new Map<string, Buffer>();
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isFile()) files.set(entry.name, await readFile(join(folder, entry.name)));
  }
  const requests: HubRequest[] = [];
  const hub: LocalHub = {
    url: '',
    commit: COMMIT,
    requests,
    fault: null,
    asked: () =>
      requests.flatMap(({ of, path, headers }) => {
        const name = path.split('/').at(-1) ?? '';
        const isLarge = name.endsWith('.safetensors');
        if (!path.includes('/resolve/') && of === 'hub') return [];
        if (isLarge && of === 'hub') return [];
        return [headers.range === undefined ? name : `${name} ${headers.range}`];
      }),
  };
  const handle =
    (of: 'hub' | 'cdn', lead: (name: string) => string | null) =>
    (incoming: IncomingMessage, response: ServerResponse) => {
      const path = decodeURIComponent(incoming.url ?? '');
      const request = { of, path, headers: incoming.headers };
      requests.push(request);
      const file = files.get(path.split('/').at(-1) ?? '') ?? null;
      if (hub.fault?.(request, response, file)) return;
      if (of === 'hub' && path.startsWith(`/api/models/${repo}/revision/`)) {
        if (!/\/revision\/(main|v1|c0ffee[0-9a-f]{34})\?/.test(path))
          return void refuse(response, 404, 'RevisionNotFound');
        const siblings = [...files].map(([name, bytes]) => siblingOf(name, bytes));
        return void response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ sha: COMMIT, siblings }));
      }
      if (file === null || !path.includes(of === 'hub' ? `/${repo}/resolve/${COMMIT}/` : '/'))
        return void refuse(response, 404, 'EntryNotFound');
      const other = lead(path.split('/').at(-1) ?? '');
      if (other !== null) return void response.writeHead(302, { location: other }).end();
      giveRange(incoming, response, file);
    };
  const cdn = createServer(handle('cdn', () => null));
  const cdnUrl = await listen(cdn, 'http', forever);
  const lead = (name: string) => (name.endsWith('.safetensors') && !tls ? `${cdnUrl}/${name}` : null);
  const front = tls ? createSecureServer(tls, handle('hub', lead)) : createServer(handle('hub', lead));
  return Object.assign(hub, { url: await listen(front, tls ? 'https' : 'http', forever) });
}

function siblingOf(name: string, bytes: Buffer): object {
  const blobId = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  const known = { rfilename: name, size: bytes.length, blobId };
  if (!name.endsWith('.safetensors')) return known;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { ...known, lfs: { sha256, size: bytes.length, pointerSize: 134 } };
}

function giveRange(incoming: IncomingMessage, response: ServerResponse, file: Buffer): void {
  const from = Number(/^bytes=(\d+)-$/.exec(incoming.headers.range ?? '')?.[1] ?? 0);
  const headers =
    from > 0 ? { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` } : undefined;
  response
    .writeHead(from > 0 ? 206 : 200, { ...headers, 'content-length': file.length - from })
    .end(file.subarray(from));
}

export function refuse(response: ServerResponse, status: number, code: string): true {
  response.writeHead(status, { 'x-error-code': code }).end(JSON.stringify({ error: code }));
  return true;
}

async function listen(server: Server, protocol: string, forever: boolean): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  if (!forever) onTestFinished(close);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `${protocol}://127.0.0.1:${address.port}`;
}
