import { expect, it } from 'vitest';
import { formatAgo } from '../../../webview/trace/history/when';

const NOW = Date.UTC(2026, 10, 26, 12);

it.each([
  [5, 'now'],
  [65, '1 minute ago'],
  [3 * 3600, '3 hours ago'],
  [86_400, 'yesterday'],
  [20 * 86_400, '2 weeks ago'],
  [400 * 86_400, 'last year'],
  [-7_200, 'in 2 hours'],
])('%i seconds before now is %s', (seconds, words) => {
  expect(formatAgo(new Date(NOW - seconds * 1000).toISOString(), NOW, 'en')).toBe(words);
});

it('is said in the language of the window', () => {
  expect(formatAgo(new Date(NOW - 3_600_000).toISOString(), NOW, 'de')).toBe('vor 1 Stunde');
});
