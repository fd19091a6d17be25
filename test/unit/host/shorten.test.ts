import { expect, it } from 'vitest';
import { shorten } from '../../../src/host/shorten';

it.each([
  ['Where?', 10, 'Where?'],
  ['Where is\n  it now?', 30, 'Where is it now?'],
  ['Where is it now?', 10, 'Where is…'],
])('%j in %i characters is %j', (text, most, short) => {
  expect(shorten(text, most)).toBe(short);
});
