import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FrameStore } from '../../../../src/host/ask/frame-store';
import { temporaryFolder } from '../../../helpers/temporary-folder';

it('removes the frames that no run is about and nobody is about to ask about, and no others', async () => {
  const storage = await temporaryFolder();
  const twoDaysAgo = new Date(Date.now() - 48 * 3_600_000);
  for (const name of ['kept', 'asked', 'unused', 'unused.partial', 'new']) {
    await mkdir(join(storage, name));
    await writeFile(join(storage, name, 'frame-1.png'), '');
    if (name !== 'new') await utimes(join(storage, name), twoDaysAgo, twoDaysAgo);
  }
  const frames = new FrameStore(storage);
  frames.handOut([join(storage, 'asked', 'frame-1.png')]);
  await frames.tidy(new Set([join(storage, 'kept'), '/data/pictures']));
  expect(await readdir(storage)).toEqual(['asked', 'kept', 'new']);
  await new FrameStore(join(storage, 'never made')).tidy(new Set());
});
