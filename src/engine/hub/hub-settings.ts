import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { EngineError } from '../engine';

type Environment = Readonly<Record<string, string | undefined>>;

/** Which hub is asked, as whom, and where its cache is. */
export interface HubSettings {
  /** Ends in no slash. */
  readonly endpoint: string;
  /** Sent to the endpoint alone; null where there is none. */
  readonly token: string | null;
  /** The cache that Hugging Face's own tools share. */
  readonly cacheDir: string;
  /** Address of the proxy for https, or null. */
  readonly proxy: string | null;
  /** Hosts that are reached without it, as in `NO_PROXY`: see `proxyFor`. */
  readonly noProxy: readonly string[];
}

export const PUBLIC_HUB = 'https://huggingface.co';

/**
 * Reads what Hugging Face's own tools read: `HF_ENDPOINT`, `HF_HUB_CACHE`, `HF_HOME`, `HF_TOKEN` or the file that `hf auth login`
 * writes, and the proxy from `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`. Throws `EngineError` (`bad-request`) for an address
 * that is none.
 *
 * @param given Takes the place of what the environment says.
 */
export async function hubSettings(
  given: {
    readonly endpoint?: string | null;
    readonly proxy?: string | null;
    readonly noProxy?: readonly string[];
  } = {},
  env: Environment = process.env,
  home = homedir(),
): Promise<HubSettings> {
  const address = given.endpoint || env.HF_ENDPOINT || PUBLIC_HUB;
  const endpoint = address.replace(/\/+$/, '');
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol))
    throw new EngineError(
      'bad-request',
      `The address of the hub, "${address}", is no http or https address.`,
    );
  const hubHome = hubHomeOf(env, home);
  return {
    endpoint,
    token: await readToken(env, hubHome),
    cacheDir: hubCacheDir(env, home),
    proxy: given.proxy || env.https_proxy || env.HTTPS_PROXY || env.all_proxy || env.ALL_PROXY || null,
    noProxy: given.noProxy?.length
      ? given.noProxy
      : (env.no_proxy ?? env.NO_PROXY ?? '').split(/[\s,]+/).filter(Boolean),
  };
}

/** The cache of the hub's tools: `HF_HUB_CACHE`, else `hub` in `HF_HOME`, else in `~/.cache/huggingface`. */
export function hubCacheDir(env: Environment = process.env, home = homedir()): string {
  const own = env.HF_HUB_CACHE || env.HUGGINGFACE_HUB_CACHE;
  return own ? resolve(own) : join(hubHomeOf(env, home), 'hub');
}

const hubHomeOf = (env: Environment, home: string): string =>
  resolve(env.HF_HOME || join(env.XDG_CACHE_HOME || join(home, '.cache'), 'huggingface'));

async function readToken(env: Environment, hubHome: string): Promise<string | null> {
  const said = env.HF_TOKEN || env.HUGGING_FACE_HUB_TOKEN;
  if (said) return said.trim();
  const text = await readFile(env.HF_TOKEN_PATH || join(hubHome, 'token'), 'utf8').catch(() => '');
  return text.trim() || null;
}

/**
 * The proxy for an address, or null: none is set, it is not https, or a rule leaves its host out. A rule is a host, which stands
 * for those below it too, with a port if it is of that port only, or `*` for all.
 */
export function proxyFor(
  { protocol, hostname, port }: URL,
  { proxy, noProxy }: Pick<HubSettings, 'proxy' | 'noProxy'>,
): string | null {
  if (protocol !== 'https:') return null;
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const isLeftOut = noProxy.some((rule) => {
    const [, inBrackets, bare, only] = /^(?:\[(.+)\]|([^:]*|.*:.*:.*?))(?::(\d+))?$/.exec(rule) ?? [];
    const name = (inBrackets ?? bare ?? rule).replace(/^\*?\./, '').toLowerCase();
    if (only !== undefined && only !== (port || '443')) return false;
    return name === '*' || host === name || host.endsWith(`.${name}`);
  });
  return isLeftOut ? null : proxy;
}
