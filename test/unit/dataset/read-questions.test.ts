import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readQuestions } from '../../../src/dataset/read-questions';
import { temporaryFolder } from '../../helpers/temporary-folder';

let folder: string;
let data: string;
let work: string;
let file: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  data = join(folder, 'data');
  work = join(folder, 'work');
  file = join(data, 'questions.jsonl');
  for (const dir of [data, work]) await mkdir(dir, { recursive: true });
});

const writeRows = (...images: string[][]) =>
  writeFile(
    file,
    images
      .map((image_path) =>
        JSON.stringify({ question: 'q', answer: 'A', problem_type: 'multiple choice', image_path }),
      )
      .join('\n'),
  );

describe('an image path', () => {
  it("starts from the question file's folder", async () => {
    await writeRows(['a.png']);
    for (const dir of [data, work]) await writeFile(join(dir, 'a.png'), '');
    expect((await readQuestions(file, work))[0]?.images).toEqual([join(data, 'a.png')]);
  });

  it('starts from the working folder where nothing is in that one', async () => {
    await writeRows(['a.png']);
    await writeFile(join(work, 'a.png'), '');
    expect((await readQuestions(file, work))[0]?.images).toEqual([join(work, 'a.png')]);
  });

  it('may be absolute within one of the two', async () => {
    await writeRows([join(work, 'a.png')]);
    await writeFile(join(work, 'a.png'), '');
    expect((await readQuestions(file, work))[0]?.images).toEqual([join(work, 'a.png')]);
  });

  it.each(['../outside.png', '/etc/hostname', 'x/../../outside.png'])(
    'may not lead out of both: %s',
    async (path) => {
      await writeFile(join(folder, 'outside.png'), '');
      await writeRows([path]);
      await expect(readQuestions(file, work)).rejects.toThrow(
        `line 1, image_path[0]: ${path} leads out of the question file's folder and of the working folder`,
      );
    },
  );

  it('where no file is, or a folder, is named with its line', async () => {
    await writeFile(join(data, 'a.png'), '');
    await mkdir(join(data, 'b.png'));
    await writeRows(['a.png'], ['a.png', 'b.png']);
    await expect(readQuestions(file, work)).rejects.toThrow(
      `line 2, image_path[1]: no file is at ${join(data, 'b.png')} or ${join(work, 'b.png')}`,
    );
  });
});

it('looks at no more images than it is asked for questions', async () => {
  await writeRows(['a.png'], ['missing.png']);
  await writeFile(join(data, 'a.png'), '');
  expect(await readQuestions(file, work, 1)).toHaveLength(1);
});

it('lists the first twenty findings and counts the rest', async () => {
  await writeRows(...Array.from({ length: 25 }, () => ['missing.png']));
  await expect(readQuestions(file, work)).rejects.toThrow(/line 20, .*\n {2}and 5 more$/);
});

it.each([
  ['that is missing', () => join(data, 'none.json'), 'it is not there'],
  ['that is a folder', () => data, 'it is a folder'],
])('refuses a question file %s', async (_, path, why) => {
  await expect(readQuestions(path(), work)).rejects.toThrow(why);
});

it('refuses a question file that is no text', async () => {
  await writeFile(file, Buffer.from([0x5b, 0xff, 0xfe]));
  await expect(readQuestions(file, work)).rejects.toThrow(`${file} is not UTF-8 text.`);
});
