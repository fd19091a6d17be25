import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultCacheDir, type Surroundings } from '../../../../src/engine/onnx/cache-dir';

const home = resolve('/home/ada');
const on = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv = {}): Surroundings => ({
  platform,
  env,
  home,
});

describe('defaultCacheDir', () => {
  it.each([
    ['Linux', on('linux'), join(home, '.cache', 'vilasr', 'models')],
    [
      'Linux with XDG_CACHE_HOME',
      on('linux', { XDG_CACHE_HOME: resolve('/big') }),
      join(resolve('/big'), 'vilasr', 'models'),
    ],
    [
      'Linux with a relative XDG_CACHE_HOME, which does not count',
      on('linux', { XDG_CACHE_HOME: 'big' }),
      join(home, '.cache', 'vilasr', 'models'),
    ],
    ['macOS', on('darwin'), join(home, 'Library', 'Caches', 'vilasr', 'models')],
    [
      'Windows',
      on('win32', { LOCALAPPDATA: resolve('/local') }),
      join(resolve('/local'), 'vilasr', 'models'),
    ],
    ['Windows without LOCALAPPDATA', on('win32'), join(home, 'AppData', 'Local', 'vilasr', 'models')],
    [
      'any system with VILASR_CACHE',
      on('win32', { VILASR_CACHE: resolve('/mine'), LOCALAPPDATA: 'x' }),
      join(resolve('/mine'), 'models'),
    ],
    [
      'an empty VILASR_CACHE, which does not count',
      on('linux', { VILASR_CACHE: '' }),
      join(home, '.cache', 'vilasr', 'models'),
    ],
  ])('on %s', (_, surroundings, expected) => {
    expect(defaultCacheDir(surroundings)).toBe(expected);
  });
});
