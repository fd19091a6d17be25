import { describe, expect, it } from 'vitest';
import { Args } from '../../../src/cli/args';
import { MODEL_OPTIONS, readModelChoice, runLimits } from '../../../src/cli/model-options';
import { memoryIo } from './memory-io';

const choose = (...argv: string[]) =>
  readModelChoice(Args.parse(argv, MODEL_OPTIONS), memoryIo('/some/folder'));
const IMAGES = { factor: 28, minPixels: 3136, maxPixels: 12_845_056 };

describe('what computes', () => {
  it('is no way to a graphics card that this system has not', () => {
    const elsewhere = process.platform === 'win32' ? 'coreml' : 'dml';
    expect(() => choose('--provider', elsewhere)).toThrow(
      /^--provider is ".*", but \w+ computes on .* only\.$/,
    );
    expect(choose('--provider', 'webgpu').provider).toBe('webgpu');
  });
});

describe('the limits of a run', () => {
  it("are upstream's where nothing else is asked for", () =>
    expect(runLimits(choose(), IMAGES, 10)).toEqual({
      maxTurns: 10,
      maxImages: 45,
      maxTokens: 2048,
      minPixels: 3136,
      maxPixels: 448 * 28 * 28,
    }));

  it('are what is asked for', () =>
    expect(
      runLimits(
        choose('--max-turns', '3', '--max-images', '4', '--max-tokens', '5', '--max-pixels', '6000'),
        IMAGES,
        10,
      ),
    ).toEqual({ maxTurns: 3, maxImages: 4, maxTokens: 5, minPixels: 3136, maxPixels: 6000 }));

  it("keep within what the model's image processor allows", () =>
    expect(runLimits(choose(), { ...IMAGES, maxPixels: 38_416 }, 10).maxPixels).toBe(38_416));

  it('let no image be larger than asked for only because it would have to be larger than the least', () =>
    expect(runLimits(choose('--max-pixels', '1000'), IMAGES, 10)).toMatchObject({
      minPixels: 1000,
      maxPixels: 1000,
    }));

  it('leave room for one patch group at least', () =>
    expect(() => runLimits(choose('--max-pixels', '783'), IMAGES, 10)).toThrow(
      '--max-pixels is 783; an image has 784 pixels or more.',
    ));
});

it('starts paths from the working folder, and leaves the model open where none is named', () => {
  expect(choose('--model', 'm', '--profile', '/p.json')).toMatchObject({
    source: { type: 'folder', dir: '/some/folder/m' },
    profile: '/p.json',
  });
  expect(choose().source).toEqual({ type: 'folder', dir: null });
});

describe('a server', () => {
  const onServer = (argv: string[], env: Record<string, string> = {}) =>
    readModelChoice(Args.parse(argv, MODEL_OPTIONS), memoryIo('/', null, env)).source;

  it('is named by its address; the name of the model and a key may be given', () => {
    const url = 'https://example.org/v1';
    expect(onServer(['--model', url])).toEqual({ type: 'server', url, model: null, key: null });
    expect(onServer(['--model', url, '--served-model', 'ViLaSR-7B'], { VILASR_API_KEY: 'secret' })).toEqual({
      type: 'server',
      url,
      model: 'ViLaSR-7B',
      key: 'secret',
    });
    expect(onServer(['--model', url], { VILASR_API_KEY: '' })).toMatchObject({ key: null });
  });

  it.each([
    [['--served-model', 'x'], '--served-model is for a server: --model http://…'],
    [['--model', 'folder', '--served-model', 'x'], '--served-model is for a server: --model http://…'],
    [['--model', 'http://x', '--weights', 'int8'], '--weights is for checkpoint folders'],
    [['--model', 'http://x', '--provider', 'webgpu'], '--provider is for checkpoint folders'],
    [['--model', 'http://me:secret@x'], '--model: "http://…@x" has a password in it'],
  ])('is refused as %j', (argv, message) => expect(() => onServer(argv)).toThrow(message));
});

it('is greedy unless it is told otherwise', () => {
  expect(choose().sampling).toEqual({ temperature: 0, topP: 1, seed: 0 });
  expect(choose('--temperature', '0.75', '--top-p', '0.9', '--seed', '3').sampling).toEqual({
    temperature: 0.75,
    topP: 0.9,
    seed: 3,
  });
  expect(() => choose('--top-p', '0')).toThrow('--top-p is 0, but must be more');
});
