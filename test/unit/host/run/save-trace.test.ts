import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { saveTrace } from '../../../../src/host/run/save-trace';
import { withDerived } from '../../../../src/trace/derive';
import { readTrace } from '../../../../src/trace/trace-line';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { sampleTrace } from '../../trace/sample-trace';

it('appends the run with paths that start from the file, and brings along images of our own', async () => {
  const base = await temporaryFolder();
  const storage = join(base, 'storage', 'frames');
  const samples = join(base, 'extension', 'samples');
  const own = [storage, samples];
  const out = join(base, 'data', 'kept.traces.jsonl');
  await mkdir(join(storage, 'clip'), { recursive: true });
  await writeFile(join(storage, 'clip', 'frame-1.png'), 'pixels');
  await mkdir(samples, { recursive: true });
  await writeFile(join(samples, 'maze.png'), 'a maze');
  const image = (path: string) => ({ path, file: null, model: null });
  const trace = withDerived({
    ...sampleTrace,
    kind: 'multi-view',
    images: [
      join(base, 'pictures', 'a.png'),
      join(storage, 'clip', 'frame-1.png'),
      join(samples, 'maze.png'),
    ].map(image),
  });

  await saveTrace(trace, out, own);
  await saveTrace({ ...trace, id: 'second' }, out, own);

  const lines = (await readFile(out, 'utf8')).trimEnd().split('\n');
  expect(lines).toHaveLength(2);
  const saved = readTrace(lines[0] ?? '').trace;
  expect(saved?.images.map(({ path }) => path)).toEqual([
    '../pictures/a.png',
    'kept-images/maze-7/frame-1.png',
    'kept-images/maze-7/maze.png',
  ]);
  expect(saved).toEqual({ ...trace, images: saved?.images });
  expect(await readFile(join(base, 'data', 'kept-images', 'maze-7', 'frame-1.png'), 'utf8')).toBe('pixels');
});
