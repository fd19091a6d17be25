import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hubSettings, proxyFor } from '../../../../src/engine/hub/hub-settings';
import { engineError } from '../../../helpers/engine-error';
import { temporaryFolder } from '../../../helpers/temporary-folder';

describe('hubSettings', () => {
  it('are those of the public hub and the usual cache unless something says otherwise', async () => {
    const home = await temporaryFolder();
    expect(await hubSettings({}, {}, home)).toEqual({
      endpoint: 'https://huggingface.co',
      token: null,
      cacheDir: join(home, '.cache', 'huggingface', 'hub'),
      proxy: null,
      noProxy: [],
    });
  });

  it("follow the variables of the hub's own tools, and what is given before them", async () => {
    const home = await temporaryFolder();
    const env = { HF_ENDPOINT: 'https://mirror.example/hf/', HF_HOME: join(home, 'hf'), HF_TOKEN: ' hf_a\n' };
    expect(await hubSettings({}, env, home)).toMatchObject({
      endpoint: 'https://mirror.example/hf',
      token: 'hf_a',
      cacheDir: join(home, 'hf', 'hub'),
    });
    const given = { endpoint: 'http://localhost:8080', proxy: 'http://proxy:3128' };
    expect(await hubSettings(given, { ...env, HF_HUB_CACHE: join(home, 'c') }, home)).toMatchObject({
      ...given,
      cacheDir: join(home, 'c'),
    });
    expect((await hubSettings({}, { XDG_CACHE_HOME: join(home, 'x') }, home)).cacheDir).toBe(
      join(home, 'x', 'huggingface', 'hub'),
    );
  });

  it('take the token that a log-in has left', async () => {
    const home = await temporaryFolder();
    await writeFile(join(home, 'token'), 'hf_file\n');
    expect((await hubSettings({}, { HF_HOME: home }, home)).token).toBe('hf_file');
    expect((await hubSettings({}, { HF_TOKEN_PATH: join(home, 'token') }, '/nowhere')).token).toBe('hf_file');
    expect((await hubSettings({}, { HF_HOME: home, HF_TOKEN: 'hf_own' }, home)).token).toBe('hf_own');
  });

  it.each(['ftp://hub', 'hub.example', 'file:///etc'])(
    'refuse %s as the address of a hub',
    async (endpoint) => {
      expect((await engineError(hubSettings({ endpoint }, {}, '/nowhere'))).kind).toBe('bad-request');
    },
  );
});

describe('proxyFor', () => {
  const proxy = 'http://proxy:3128';
  const noProxy = [
    'localhost',
    '.inside.example',
    'other.example:443',
    'third.example:8443',
    '[::1]',
    'FE80::1',
  ];

  it.each([
    ['https://huggingface.co', proxy],
    ['https://localhost:8443', null],
    ['https://hub.inside.example', null],
    ['https://inside.example', null],
    ['https://beside.example', proxy],
    ['https://other.example', null],
    ['https://other.example:8443', proxy],
    ['https://third.example', proxy],
    ['https://cdn.third.example:8443', null],
    ['https://[::1]:8443', null],
    ['https://[fe80::1]', null],
    ['https://[::2]', proxy],
    ['http://huggingface.co', null],
  ])('of %s is %s', (address, expected) => {
    expect(proxyFor(new URL(address), { proxy, noProxy })).toBe(expected);
  });

  it('is nowhere where none is set, or all is left out', () => {
    const address = new URL('https://huggingface.co');
    expect(proxyFor(address, { proxy: null, noProxy })).toBeNull();
    expect(proxyFor(address, { proxy, noProxy: ['*'] })).toBeNull();
  });

  it.each([
    [{}, { all_proxy: 'http://p', NO_PROXY: 'a, b c' }, { proxy: 'http://p', noProxy: ['a', 'b', 'c'] }],
    [
      { proxy: 'http://q' },
      { HTTPS_PROXY: 'http://p', no_proxy: 'a' },
      { proxy: 'http://q', noProxy: ['a'] },
    ],
    [{ noProxy: ['b'] }, { HTTPS_PROXY: 'http://p', no_proxy: 'a' }, { proxy: 'http://p', noProxy: ['b'] }],
  ])('goes by what is given (%j), then by the environment (%j)', async (given, env, expected) => {
    expect(await hubSettings(given, env, '/nowhere')).toMatchObject(expected);
  });
});
