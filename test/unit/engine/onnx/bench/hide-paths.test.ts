import { expect, test } from 'vitest';
import { hidePaths } from '../../../../../src/engine/onnx/bench/hide-paths';

test.each([
  ['no room in /home/jane/.cache/vilasr/models/x.bin', 'no room in …/x.bin'],
  ["cannot open '/opt/models/secret/config.json': EACCES", "cannot open '…/config.json': EACCES"],
  ['C:\\Users\\Jane\\models\\a.safetensors is cut', '…\\a.safetensors is cut'],
  ['D:\\Jane Doe\\m\\x.bin is cut', '…\\x.bin is cut'],
  ['no room in \\\\srv\\jane\\m\\x.bin', 'no room in …\\x.bin'],
  ['at file:///home/jane/dist/engine.js:3', 'at …/engine.js:3'],
  ['8 tokens/s and a/b stay, and so does 3 / 4', '8 tokens/s and a/b stay, and so does 3 / 4'],
])('%s', (text, expected) => {
  expect(hidePaths(text, [])).toBe(expected);
});

test('known folders may have spaces', () => {
  const folders = ['/home/Jane Doe', '/home/Jane Doe/my models/seven'];
  expect(hidePaths('/home/Jane Doe/my models/seven/config.json is none', folders)).toBe(
    '…/config.json is none',
  );
  expect(hidePaths('/home/Jane Doe/other is none', folders)).toBe('…/other is none');
});
