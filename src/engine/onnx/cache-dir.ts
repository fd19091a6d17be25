import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** What decides where caches go; the defaults are this process's own. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
}

/**
 * The folder of imported models: `models` in `$VILASR_CACHE` if that is set, else in `vilasr` in the user's cache
 * folder: `%LOCALAPPDATA%` on Windows, `~/Library/Caches` on macOS, `$XDG_CACHE_HOME` or `~/.cache` elsewhere.
 */
export function defaultCacheDir({ platform, env, home }: Surroundings = here()): string {
  if (env.VILASR_CACHE) return resolve(env.VILASR_CACHE, 'models');
  return join(userCache(platform, env, home), 'vilasr', 'models');
}

function userCache(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home: string): string {
  if (platform === 'win32') return env.LOCALAPPDATA || join(home, 'AppData', 'Local');
  if (platform === 'darwin') return join(home, 'Library', 'Caches');
  // The XDG rules say that a relative path is to be ignored.
  const xdg = env.XDG_CACHE_HOME;
  return xdg && isAbsolute(xdg) ? xdg : join(home, '.cache');
}

const here = (): Surroundings => ({ platform: process.platform, env: process.env, home: homedir() });
