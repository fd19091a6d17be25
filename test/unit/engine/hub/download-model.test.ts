import { lstat, readdir, readFile, readlink, realpath, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { downloadModel } from '../../../../src/engine/hub/download-model';
import { cachedSnapshot, snapshotOf } from '../../../../src/engine/hub/hub-cache';
import { openCheckpoint } from '../../../../src/engine/onnx/checkpoint';
import { tinyFolder } from '../../../helpers/checkpoint-folder';
import { repo, retry, downloadWorld as world } from '../../../helpers/download-world';
import { engineError } from '../../../helpers/engine-error';
import { type Fault, type LocalHub, refuse } from '../../../helpers/hub-server';
import { canMount, smallDisk } from '../../../helpers/small-disk';

const weights = (fault: (response: Parameters<Fault>[1], file: Buffer, n: number) => boolean): Fault => {
  let n = 0;
  return (request, response, file) =>
    request.of === 'cdn' && file !== null ? fault(response, file, n++) : false;
};

/** Sends so many bytes of what is asked for, and breaks off. */
const breakOff = (hub: LocalHub, bytes: number, times: number): Fault =>
  weights((response, file, n) => {
    if (n >= times) return false;
    const range = hub.requests.at(-1)?.headers.range;
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': file.length - from,
      ...(from > 0 && { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` }),
    });
    response.write(file.subarray(from, from + bytes), () => response.destroy());
    return true;
  });

describe('downloadModel', () => {
  it("lays a checkpoint out as the hub's own tools do, ready to be opened, and asks for nothing twice", async () => {
    const { source, hub, cacheDir, seen, download } = await world();
    const dir = await download();
    expect(dir).toBe(join(cacheDir, 'models--some-org--Some-Model', 'snapshots', hub.commit));
    expect((await readdir(dir)).sort()).toEqual(
      (await readdir(source)).filter((name) => name !== 'README.md').sort(),
    );
    for (const name of await readdir(dir)) {
      expect(await readFile(join(dir, name))).toEqual(await readFile(join(source, name)));
      expect((await lstat(join(dir, name))).isSymbolicLink()).toBe(true);
      expect(await readlink(join(dir, name))).toMatch(/^\.\.\/\.\.\/blobs\/[0-9a-f]{40,64}$/);
    }
    expect(await readFile(join(cacheDir, 'models--some-org--Some-Model', 'refs', 'main'), 'utf8')).toBe(
      hub.commit,
    );
    expect((await openCheckpoint(dir)).name).toBe('Some-Model');
    expect((await openCheckpoint(join(cacheDir, 'models--some-org--Some-Model'))).dir).toBe(dir);
    expect(cachedSnapshot(repo, cacheDir)).toBe(dir);
    expect(snapshotOf(cacheDir)).toBeNull();
    const last = seen.at(-1);
    expect(last).toMatchObject({ phase: 'downloading' });
    if (last?.phase === 'downloading') expect(last.done).toBe(last.total);
    // The large one comes last: what the model is is known before.
    expect(hub.asked().at(-1)).toBe('model.safetensors');

    const before = hub.asked();
    expect(await download()).toBe(dir);
    expect(hub.asked()).toEqual(before);
  });

  it('takes a tag or a commit', async () => {
    const { hub, cacheDir, download } = await world();
    await download({ revision: 'v1' });
    expect(await readdir(join(cacheDir, 'models--some-org--Some-Model', 'refs'))).toEqual(['v1']);
    await download({ revision: hub.commit });
    expect(await readdir(join(cacheDir, 'models--some-org--Some-Model', 'refs'))).toEqual(['v1']);
    const error = await engineError(download({ revision: 'v2' }));
    expect(error).toMatchObject({ kind: 'bad-model', message: expect.stringContaining('no such revision') });
  });

  it('sends the token to the hub, and to nobody that it leads to', async () => {
    const { hub, download } = await world();
    await download({ token: 'hf_secret' });
    const tokens = (of: 'hub' | 'cdn') =>
      new Set(
        hub.requests.filter((request) => request.of === of).map(({ headers }) => headers.authorization),
      );
    expect(tokens('hub')).toEqual(new Set(['Bearer hf_secret']));
    expect(tokens('cdn')).toEqual(new Set([undefined]));
  });
});

describe('a transfer that breaks off', () => {
  it('is taken up where it was', async () => {
    const { source, hub, download } = await world();
    hub.fault = breakOff(hub, 1000, 6);
    const dir = await download();
    const bytes = await readFile(join(source, 'model.safetensors'));
    expect(await readFile(join(dir, 'model.safetensors'))).toEqual(bytes);
    const asked = hub.asked().filter((one) => one.startsWith('model.safetensors'));
    expect(asked).toEqual([
      'model.safetensors',
      ...[1, 2, 3, 4, 5, 6].map((n) => `model.safetensors bytes=${1000 * n}-`),
    ]);
  });

  it('is given up when it brings nothing any more, and goes on the next time', async () => {
    const { hub, seen, download } = await world();
    hub.fault = weights((response, file, n) => {
      if (n > 0) response.destroy();
      else
        response
          .writeHead(200, { 'content-length': file.length })
          .write(file.subarray(0, 2000), () => response.destroy());
      return true;
    });
    expect((await engineError(download())).kind).toBe('server');
    expect(seen.filter(({ phase }) => phase === 'retrying')).toHaveLength(retry.times);
    hub.fault = null;
    await download();
    expect(hub.asked().at(-1)).toBe('model.safetensors bytes=2000-');
    expect(seen).toContainEqual({ phase: 'checking', file: 'model.safetensors' });
  });

  it('goes on after a cancel', async () => {
    const { source, hub, cacheDir, download } = await world();
    const abort = new AbortController();
    hub.fault = weights((response, file) => {
      response.writeHead(200, { 'content-length': file.length });
      response.write(file.subarray(0, 3000), () => setTimeout(() => abort.abort(), 50));
      return true;
    });
    expect((await engineError(download({ signal: abort.signal }))).kind).toBe('cancelled');
    const blobs = join(cacheDir, 'models--some-org--Some-Model', 'blobs');
    const part = (await readdir(blobs)).find((name) => name.endsWith('.part')) ?? '';
    expect((await stat(join(blobs, part))).size).toBe(3000);
    expect(cachedSnapshot(repo, cacheDir)).toBeNull();
    hub.fault = null;
    const dir = await download();
    expect(hub.asked().at(-1)).toBe('model.safetensors bytes=3000-');
    expect(await readFile(join(dir, 'model.safetensors'))).toEqual(
      await readFile(join(source, 'model.safetensors')),
    );
    expect((await readdir(blobs)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('begins anew where the server gives the whole instead of the rest', async () => {
    const { source, hub, download } = await world();
    hub.fault = breakOff(hub, 1000, 1);
    const broken = hub.fault;
    hub.fault = (request, response, file) => {
      if (broken(request, response, file)) return true;
      if (request.of !== 'cdn' || file === null) return false;
      response.writeHead(200, { 'content-length': file.length }).end(file);
      return true;
    };
    const dir = await download();
    expect(await readFile(join(dir, 'model.safetensors'))).toEqual(
      await readFile(join(source, 'model.safetensors')),
    );
  });
});

describe('a file that is not what it should be', () => {
  const wrong = weights((response, file) => {
    response.writeHead(200, { 'content-length': file.length }).end(Buffer.alloc(file.length, 7));
    return true;
  });

  it('is refused, and nothing of it is kept', async () => {
    const { hub, cacheDir, download } = await world();
    hub.fault = wrong;
    const error = await engineError(download());
    expect(error).toMatchObject({
      kind: 'server',
      message: expect.stringContaining('its hash is another one'),
    });
    const kept = await readdir(join(cacheDir, 'models--some-org--Some-Model', 'blobs'));
    expect(kept.filter((name) => name.includes('part') || name.length === 64)).toEqual([]);
    hub.fault = null;
    await download();
    expect(hub.asked().at(-1)).toBe('model.safetensors');
  });

  it('is fetched anew if the part from before was wrong', async () => {
    const { source, hub, cacheDir, download } = await world();
    hub.fault = breakOff(hub, 1000, 1000);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    await engineError(download({ signal: controller.signal }));
    const blobs = join(cacheDir, 'models--some-org--Some-Model', 'blobs');
    const part = (await readdir(blobs)).find((name) => name.endsWith('.part')) ?? '';
    await writeFile(join(blobs, part), Buffer.alloc(500, 1));
    hub.fault = null;
    const dir = await download();
    expect(await readFile(join(dir, 'model.safetensors'))).toEqual(
      await readFile(join(source, 'model.safetensors')),
    );
    expect(hub.asked().slice(-2)).toEqual(['model.safetensors bytes=500-', 'model.safetensors']);
  });

  it('of which the hub sends more than it said is refused', async () => {
    const { hub, download } = await world();
    hub.fault = weights((response, file) => {
      response.writeHead(200).end(Buffer.concat([file, Buffer.from('more')]));
      return true;
    });
    expect((await engineError(download())).message).toContain('sends more of model.safetensors');
  });
});

describe('a hub that refuses', () => {
  const always =
    (status: number, code: string): Fault =>
    (_, response) =>
      refuse(response, status, code);

  it.each([
    [
      'a private or unknown model, without a token',
      401,
      'RepoNotFound',
      '',
      /is the name right\? .*HF_TOKEN/,
    ],
    ['a private or unknown model, with one', 401, 'RepoNotFound', 'hf_x', /may not read it, or has expired/],
    [
      'a gated model, without a token',
      401,
      'GatedRepo',
      '',
      /accepted its terms: do that at .*some-org\/Some-Model\. Then put/,
    ],
    ['a gated model, with one', 403, 'GatedRepo', 'hf_x', /token of the same account/],
  ])('is quoted about %s', async (_, status, code, token, words) => {
    const { hub, download } = await world();
    hub.fault = always(status, code);
    const error = await engineError(download(token === '' ? {} : { token }));
    expect(error.kind).toBe('access');
    expect(error.message).toMatch(words);
    expect(error.message).not.toContain('hf_x');
    expect(hub.requests).toHaveLength(1);
  });

  it('is quoted about a model that is not there', async () => {
    const { download } = await world();
    const error = await engineError(download({ repo: 'some-org/Another' }));
    expect(error).toMatchObject({ kind: 'bad-model', message: expect.stringContaining('There is no model') });
  });

  it.each([
    [429, 'has too many requests'],
    [500, 'fails (500)'],
    [503, 'fails (503)'],
  ])('with %i is asked again, and told of', async (status, words) => {
    const { hub, seen, download } = await world();
    let left = 2;
    hub.fault = (_, response) => {
      if (left-- <= 0) return false;
      response.writeHead(status, { 'retry-after': '0' }).end();
      return true;
    };
    await download();
    const told = seen.flatMap((one) => (one.phase === 'retrying' ? [one.why] : []));
    expect(told).toHaveLength(2);
    expect(told[0]).toContain(words);
    hub.fault = always(status, '');
    expect((await engineError(download())).kind).toBe('server');
  });

  it('leads nowhere is left', async () => {
    const { hub, download } = await world();
    hub.fault = (request, response) => {
      response.writeHead(302, { location: request.path }).end();
      return true;
    };
    expect((await engineError(download())).message).toContain('without end');
    hub.fault = (_, response) => {
      response.writeHead(302, { location: 'file:///etc/passwd' }).end();
      return true;
    };
    expect((await engineError(download())).kind).toBe('server');
  });
});

describe('what cannot be run', () => {
  it('is refused before its weights come', async () => {
    const content = tinyFolder();
    const config = { ...content.json['config.json'], model_type: 'llama' };
    const { hub, download } = await world({ ...content, json: { ...content.json, 'config.json': config } });
    expect(await engineError(download())).toMatchObject({
      kind: 'bad-model',
      message: expect.stringContaining('another architecture (llama'),
    });
    expect(hub.asked()).not.toContain('model.safetensors');
  });

  it('is refused if it has no weights as safetensors', async () => {
    const { download } = await world({ ...tinyFolder(), weights: {} });
    expect((await engineError(download())).message).toContain('no checkpoint that can be run');
  });

  it.each(['Some-Model', 'a/b/c', '../x/y', 'a/..', 'a/b--c', ''])(
    'has no name such as "%s"',
    async (name) => {
      const { hub, download } = await world();
      expect((await engineError(download({ repo: name }))).kind).toBe('bad-request');
      expect(hub.requests).toEqual([]);
    },
  );

  it.each(['../main', 'a//b', '', 'x/.git'])('has no revision such as "%s"', async (revision) => {
    const { hub, download } = await world();
    expect((await engineError(download({ revision }))).kind).toBe('bad-request');
    expect(hub.requests).toEqual([]);
  });
});

it.runIf(canMount)('a download that the disk has no room for is not begun', async () => {
  const { hub } = await world();
  const disk = await smallDisk(64);
  const download = downloadModel({
    repo,
    settings: {
      endpoint: hub.url,
      token: null,
      cacheDir: join(await realpath(disk.path), 'hub'),
      proxy: null,
      noProxy: [],
    },
    signal: new AbortController().signal,
    client: { retry },
  });
  const error = await engineError(download);
  expect(error).toMatchObject({ kind: 'no-space', message: expect.stringContaining('set HF_HOME') });
  expect(hub.asked()).toEqual([]);
});

it('two that download the same model do so one after the other', async () => {
  const { hub, download } = await world();
  const [first, second] = await Promise.all([download(), download()]);
  expect(first).toBe(second);
  expect(new Set(hub.asked()).size).toBe(hub.asked().length);
});
