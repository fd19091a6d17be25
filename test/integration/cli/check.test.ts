import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  conversationRow,
  jsonArray,
  jsonLines,
  planOf,
  questionRow,
  textData,
} from '../../helpers/data-files';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { startVilasr, vilasr } from '../../helpers/vilasr';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

async function putImages(count: number, root = '.'): Promise<void> {
  for (let i = 0; i < count; i++) {
    for (const image of conversationRow(planOf(i)).images) await put(join(root, image), '');
  }
}

const check = (...args: string[]) => vilasr(['check', ...args], { cwd: folder });

describe('vilasr check', () => {
  it('finds nothing wrong with a sound data set whose images hang on its root', async () => {
    await put('cold_start/maze.json', jsonArray(5, conversationRow));
    await putImages(5);
    const { exitCode, stdout, stderr } = await check('cold_start/maze.json');
    expect([stdout, stderr, exitCode]).toEqual(['sharegpt: 5 items, 5 with nothing wrong\n', '', 0]);
  });

  it('lists findings with file, line, field and byte, and counts them', async () => {
    const rows = [0, 1, 2].map((i) => conversationRow(planOf(i)));
    rows[1]?.images.pop();
    rows[2]?.conversations.splice(2, 1, { role: 'assistant', content: '<think> x </think>' });
    const lines = [
      ...rows
        .map((row) => JSON.stringify(row))
        .flatMap((line) => [line, ''])
        .slice(0, -1),
      '{"broken',
    ];
    await put('data/maze.jsonl', lines.join('\n'));
    await putImages(3, 'elsewhere');
    const { exitCode, stdout } = await check('data/maze.jsonl', '--images', 'elsewhere');
    const printed = stdout.split('\n');
    expect(printed[0]).toMatch(
      /^data\/maze\.jsonl:3: error image-count: The messages show 6 images \(<image>\), but the row has 5\. \[maze-2, images, byte \d+\]$/,
    );
    expect(printed).toContainEqual(
      expect.stringMatching(
        /^data\/maze\.jsonl:5: error empty-turn: The turn neither draws nor answers\. \[maze-3, conversations\[2\]\.content, byte \d+\]$/,
      ),
    );
    expect(stdout).toMatch(
      /\ndata\/maze\.jsonl:6: error bad-json: .* \[item 4, byte \d+\]\nsharegpt: 4 items, 1 with nothing wrong\n/,
    );
    expect(exitCode).toBe(2);
  });

  it('prints JSON, a line a finding and the summary last', async () => {
    await put('questions.json', jsonArray(2, questionRow).replace(/\]\s*$/, ''));
    const { exitCode, stdout } = await check('questions.json', '--json');
    const all: Record<string, unknown>[] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(all[0]).toMatchObject({
      file: 'questions.json',
      item: 0,
      id: 'questions-1',
      code: 'missing-image',
      severity: 'error',
      path: 'image_path[0]',
      message: expect.stringContaining(`No file is at ${join(folder, 'cold_start/maze/0/image_0.png')}`),
    });
    expect(all.at(-2)).toMatchObject({ code: 'cut-short', item: null, id: null });
    expect(all.at(-1)).toMatchObject({ format: 'questions', items: 2, clean: 0, findings: all.length - 1 });
    expect(exitCode).toBe(2);
  });

  it('says what is worth knowing of a trace, which is nothing wrong', async () => {
    const row = conversationRow(planOf(0));
    const corrected = JSON.stringify([row]).replaceAll('thing 1', 'thing 0');
    await put('one.json', corrected);
    await putImages(1);
    const { exitCode, stdout } = await check('one.json');
    expect(stdout).toMatch(
      /^one\.json:1: information revision: "thing 0" has other coordinates than in turn 1: it is revised\. \[one-1, turn 2, byte 1\]\nsharegpt: 1 item, 1 with nothing wrong\n +1 {2}information revision\n$/,
    );
    expect(exitCode).toBe(0);
  });

  it('takes an output folder of inference', async () => {
    await put('out/sample_1/text_data.json', JSON.stringify(textData(planOf(0))));
    const { stdout, exitCode } = await check('out');
    expect(stdout).toMatch(/^out\/sample_1\/text_data\.json:1: error missing-image: No file is at /);
    expect(exitCode).toBe(2);
  });

  it('says of a file of another kind what it looked for', async () => {
    await put('package.json', '{"name": "x"}');
    const { stdout, stderr, exitCode } = await check('package.json');
    expect([stdout, exitCode]).toEqual(['', 2]);
    expect(stderr).toMatch(
      /^vilasr: .*package\.json is of no format that is known here; none of its first 1 items is\./,
    );
    expect(await check('none.json')).toMatchObject({
      exitCode: 2,
      stderr: `vilasr: Cannot read ${join(folder, 'none.json')}: it is not there.\n`,
    });
  });

  it('ends with who reads it', async () => {
    await put('many.jsonl', jsonLines(4000, conversationRow));
    const running = startVilasr(['check', 'many.jsonl'], { cwd: folder });
    await running.until(({ stdout }) => stdout.length > 1000);
    running.child.stdout?.destroy();
    expect((await running.finished).exitCode).toBe(1);
  });
});
