import { expect, it } from 'vitest';
import { endpointAddress, isEndpoint } from '../../../../src/engine/endpoint/endpoint-address';

it.each([
  ['http://localhost:8000', 'http://localhost:8000/v1/'],
  ['http://localhost:8000/', 'http://localhost:8000/v1/'],
  ['HTTPS://Example.org/v1', 'https://example.org/v1/'],
  ['https://example.org/api/v1//', 'https://example.org/api/v1/'],
  ['https://example.org/openai/chat/completions', 'https://example.org/openai/'],
  ['http://[::1]:8000', 'http://[::1]:8000/v1/'],
])('%s is the API at %s', (text, base) => expect(endpointAddress(text).href).toBe(base));

it.each([
  ['localhost:8000', 'is no address of a server: it begins with http:// or https://.'],
  ['ftp://example.org', 'is no address of a server: it begins with http:// or https://.'],
  ['http://', 'is no address of a server.'],
  ['http://exa mple', 'is no address of a server.'],
  ['http://example.org/v1#x', 'has more than a path'],
])('%s is refused', (text, why) => expect(() => endpointAddress(text)).toThrow(`"${text}" ${why}`));

it('a secret in an address is refused, and not repeated', () => {
  for (const text of ['http://user:secret@example.org', 'https://example.org/v1?key=secret']) {
    expect(() => endpointAddress(text)).toThrow(/…/);
    expect(() => endpointAddress(text)).not.toThrow(/secret/);
  }
});

it('is told from a folder', () => {
  expect(['http://x', 'HTTPS://x', 'models/x', '/http://x', 'https'].map(isEndpoint)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
