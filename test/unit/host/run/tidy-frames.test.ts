import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tidyFrames } from '../../../../src/host/run/tidy-frames';
import { temporaryFolder } from '../../../helpers/temporary-folder';

it('removes the frames that no run is about, and no others', async () => {
  const storage = await temporaryFolder();
  for (const name of ['kept', 'unused']) {
    await mkdir(join(storage, name));
    await writeFile(join(storage, name, 'frame-1.png'), '');
  }
  await tidyFrames(storage, new Set([join(storage, 'kept'), '/data/pictures']));
  expect(await readdir(storage)).toEqual(['kept']);
  await tidyFrames(join(storage, 'never made'), new Set());
});
