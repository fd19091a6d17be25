import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Backups } from '../../../../src/host/files/backups';
import { temporaryFolder } from '../../../helpers/temporary-folder';

it('the last backup of a document is found by the id of any earlier one', async () => {
  const folder = join(await temporaryFolder(), 'backups');
  const backups = new Backups(folder);
  const first = await backups.write('file:///a', 'first');
  const second = await backups.write('file:///a', 'second');
  first.delete();
  expect(await readFile(first.id, 'utf8')).toBe('second');
  await backups.write('file:///b', 'another');
  expect(await readdir(folder)).toHaveLength(2);
  second.delete();
  await expect.poll(() => existsSync(second.id)).toBe(false);
  expect(await readdir(folder)).toHaveLength(1);
});
