import { EngineError } from '../engine';

/** Whether a text says where a server is, and not where a folder is. */
export const isEndpoint = (text: string): boolean => /^https?:\/\//i.test(text);

/**
 * The base of a server's API, ending in a slash. An address without a path gets the usual `/v1/`; that of the chat
 * endpoint itself is taken for its base.
 *
 * @throws EngineError `bad-request` for what is no http or https address, and for one with a key or a query in it, which
 * would turn up in messages.
 */
export function endpointAddress(text: string): URL {
  const wrong = (why: string) => new EngineError('bad-request', `"${shown(text)}" ${why}`);
  if (!isEndpoint(text)) throw wrong('is no address of a server: it begins with http:// or https://.');
  if (!URL.canParse(text)) throw wrong('is no address of a server.');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '')
    throw wrong('has a password in it: a key is not part of the address.');
  if (url.search !== '' || url.hash !== '')
    throw wrong('has more than a path: an address ends before ? and #.');
  const path = url.pathname.replace(/\/+$/, '').replace(/\/chat\/completions$/, '');
  url.pathname = `${path === '' ? '/v1' : path}/`;
  return url;
}

/** Without what stands before the host: it may be a secret. */
const shown = (text: string): string => text.replace(/\/\/[^/]*@/, '//…@').replace(/\?.*$/s, '?…');
