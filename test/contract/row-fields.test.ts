import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { savePng } from '../../src/image/save-png';
import { conversationRow, planOf } from '../helpers/data-files';
import { temporaryFolder } from '../helpers/temporary-folder';
import { vilasr } from '../helpers/vilasr';
import { picture } from '../unit/dataset/export/exported';

/** Reads a data set as LLaMA-Factory does, and prints how many rows it has. */
const LOAD = `
import sys
from datasets import load_dataset
print(len(load_dataset('json', data_files=sys.argv[1], split='train', cache_dir=sys.argv[2])))
`;

it('rows whose other fields differ in type are read by the loader of the trainer all the same', async () => {
  const python = process.env.VILASR_LLAMAFACTORY_PYTHON;
  if (python === undefined)
    throw new Error('VILASR_LLAMAFACTORY_PYTHON is not set: run these tests with npm run test:contract');
  const folder = await temporaryFolder();
  const rows = [1, 'one', [1, 'a'], { a: 1 }, null, true].map((level, i) => ({
    ...conversationRow(planOf(0, `rows/${i}`)),
    level,
    ...(i % 2 === 0 && { more: { [`key ${i}`]: i } }),
  }));
  for (const image of rows.flatMap(({ images }) => images)) {
    await mkdir(dirname(join(folder, image)), { recursive: true });
    await savePng(picture(planOf(0).sizes[0]), join(folder, image));
  }
  await writeFile(join(folder, 'rows.json'), JSON.stringify(rows));
  const load = (path: string) =>
    execFileSync(python, ['-c', LOAD, join(folder, path), join(folder, 'cache')], {
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      env: { ...process.env, HF_HOME: join(folder, 'hugging-face'), HF_HUB_OFFLINE: '1' },
    }).trim();
  expect(() => load('rows.json')).toThrow('DatasetGenerationError');
  const target = ['--for', 'llamafactory', '--all', '--out', 'sft'];
  const { exitCode, stderr } = await vilasr(['export', 'rows.json', ...target], { cwd: folder });
  expect(exitCode).toBe(0);
  expect(stderr).toContain('Its field "level" is left out');
  expect(load('sft/rows.json')).toBe(String(rows.length));
}, 300_000);
