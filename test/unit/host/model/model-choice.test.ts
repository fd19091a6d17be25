import { describe, expect, it } from 'vitest';
import { engineKey, type ModelChoice, modelName, serverHost } from '../../../../src/host/model/model-choice';

const choice: ModelChoice = {
  source: 'bundled',
  folder: '/models/ViLaSR-7B',
  provider: 'cpu',
  weights: null,
  server: { url: 'http://localhost:8000/v1', model: 'vilasr', parallel: 2 },
  profile: '',
};

describe('two choices are of the same engine', () => {
  it('where they differ in what is not used only', () => {
    expect(engineKey({ ...choice, folder: '/other' })).toBe(engineKey(choice));
    const server = { ...choice, source: 'server' } as const;
    expect(engineKey({ ...server, weights: 'int8', folder: '' })).toBe(engineKey(server));
  });

  it('not where anything differs that is', () => {
    const folder = { ...choice, source: 'folder' } as const;
    const server = { ...choice, source: 'server' } as const;
    const others: ModelChoice[] = [
      choice,
      { ...choice, weights: 'int8' },
      { ...choice, profile: '/p.json' },
      folder,
      { ...folder, folder: '/other' },
      server,
      { ...server, server: { ...server.server, model: 'other' } },
      { ...server, server: { ...server.server, url: 'http://other/v1' } },
    ];
    expect(new Set(others.map(engineKey)).size).toBe(others.length);
  });
});

it('names a model by its folder or as the server does', () => {
  expect(modelName(choice)).toBeNull();
  expect(modelName({ ...choice, source: 'folder' })).toBe('ViLaSR-7B');
  expect(modelName({ ...choice, source: 'server' })).toBe('vilasr');
  expect(modelName({ ...choice, source: 'server', server: { ...choice.server, model: '' } })).toBeNull();
});

it('names a server by its host', () => {
  expect(serverHost('http://localhost:8000/v1')).toBe('localhost:8000');
  expect(serverHost('no address')).toBe('no address');
});
