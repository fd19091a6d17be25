import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readProfile } from '../../../src/reason/profile';
import { localHub } from '../../helpers/hub-server';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { randomModel, vilasr } from '../../helpers/vilasr';

describe('vilasr model check', () => {
  it('says what the folder is, what it needs, what is free, and that it runs', async () => {
    const { exitCode, stdout, stderr } = await vilasr(['model', 'check', randomModel]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('Qwen2.5-VL, 0.1 million parameters, float32 in 3 files');
    expect(stdout).toMatch(/fp32: 0\.\d GB|fp32: \d+\.\d MB/);
    expect(stdout).toMatch(/free: .* of memory, .* of disk/);
    expect(stdout).toMatch(/^ {2}providers: cpu/m);
    expect(stdout).toMatch(/\nIt runs here\.\n$/);
  });

  it('says the same as one JSON object', async () => {
    const { stdout } = await vilasr(['model', 'check', randomModel, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      dir: randomModel,
      runs: true,
      problem: null,
      model: { architecture: 'Qwen2.5-VL', shards: 3 },
      providers: expect.arrayContaining(['cpu']),
    });
  });

  it('answers with what is wrong for a folder that is no model, with 2', async () => {
    const folder = await temporaryFolder();
    const { exitCode, stdout } = await vilasr(['model', 'check', folder]);
    expect(exitCode).toBe(2);
    expect(stdout).toContain(`It does not run here: ${folder} has no config.json`);
  });
});

it('vilasr model import makes a model ready, so that the check finds it imported', async () => {
  const env = { VILASR_CACHE: await temporaryFolder() };
  const imported = async () => {
    const { stdout } = await vilasr(['model', 'check', randomModel, '--json'], { env });
    return JSON.parse(stdout).formats.int8.imported;
  };
  expect(await imported()).toBe(false);
  const { exitCode, stdout } = await vilasr(['model', 'import', randomModel, '--weights', 'int8'], { env });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^gqa-untied-fp32 is imported as int8: /);
  expect(await imported()).toBe(true);
});

it('vilasr model import says before what each format takes', async () => {
  const env = { VILASR_CACHE: await temporaryFolder() };
  const { stderr } = await vilasr(['model', 'import', randomModel, '--weights', 'int4'], { env });
  expect(stderr).toMatch(/^ {3}fp32: .* of memory, its import takes .* of disk$/m);
  expect(stderr).toMatch(/^-> int4: .* of memory, its import takes .* of disk$/m);
});

describe('vilasr model download', () => {
  it('brings a model from a hub, which has a name from then on', async () => {
    const hub = await localHub(randomModel);
    const [folder, cache] = [await temporaryFolder(), await temporaryFolder()];
    const env = { HF_HOME: folder, HF_TOKEN: 'hf_secret', VILASR_CACHE: cache, NO_PROXY: '*' };
    const at = ['--endpoint', hub.url];
    const { exitCode, stdout, stderr } = await vilasr(['model', 'download', 'some-org/Some-Model', ...at], {
      env,
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toBe(`${join(folder, 'hub', 'models--some-org--Some-Model', 'snapshots', hub.commit)}\n`);
    const check = await vilasr(['model', 'check', 'some-org/Some-Model', '--json'], { env });
    expect(JSON.parse(check.stdout)).toMatchObject({ runs: true, model: { shards: 3 } });
    const refused = await vilasr(['model', 'download', 'some-org/Unknown', ...at], { env });
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('There is no model some-org/Unknown');
  });
});

describe('vilasr model list and remove', () => {
  it('list what is imported and take it away, by name and format, by folder, or all', async () => {
    const env = { VILASR_CACHE: await temporaryFolder() };
    const listed = async () => {
      const { stdout } = await vilasr(['model', 'list', '--json'], { env });
      return JSON.parse(stdout).map(({ weights }: { weights: string }) => weights);
    };
    expect(await listed()).toEqual([]);
    expect((await vilasr(['model', 'list'], { env })).stdout).toContain('No model is imported');
    const bring = (weights: string) =>
      vilasr(['model', 'import', randomModel, '--weights', weights], { env });
    for (const weights of ['fp32', 'int8', 'int4']) await bring(weights);
    expect(await listed()).toEqual(['fp32', 'int4', 'int8']);
    expect((await vilasr(['model', 'list'], { env })).stdout).toMatch(
      /^gqa-untied-fp32 {2}int4 {2}\d\.\d MB\n {2}from .*gqa-untied-fp32\n {2}in /m,
    );
    const remove = (...args: string[]) => vilasr(['model', 'remove', ...args], { env });
    const one = await remove('gqa-untied-fp32', '--weights', 'int4');
    expect(one).toMatchObject({ exitCode: 0, stderr: '' });
    expect(one.stdout).toMatch(/^Removed gqa-untied-fp32 as int4: \d\.\d MB are free again\.\n$/);
    expect(await listed()).toEqual(['fp32', 'int8']);
    const none = await remove('gqa-untied-fp23');
    expect(none.exitCode).toBe(2);
    expect(none.stderr).toContain('gqa-untied-fp23 is not imported. Did you mean gqa-untied-fp32?');
    expect((await remove(randomModel)).exitCode).toBe(0);
    expect(await listed()).toEqual([]);
    await bring('int8');
    expect((await remove('--all')).exitCode).toBe(0);
    expect(await listed()).toEqual([]);
  });
});

describe('vilasr profile capture', () => {
  const message = (role: string, content: string) => ({ role, content });
  const rowOf = (question: string) => ({
    conversations: [
      message('system', 'Draw.'),
      message('user', `<image>\n### Ask:\n${question}\nThis is image 1.\n\nStart:\n`),
      message('assistant', '<think> a </think> Action: Answer\n<answer> 3 </answer>'),
    ],
    images: ['a.png'],
  });
  const row = rowOf('How many?');

  it('writes a profile that can be read, and says on stderr what the rows do not show', async () => {
    const folder = await temporaryFolder();
    const [data, out] = [join(folder, 'data.json'), join(folder, 'profile.json')];
    await writeFile(data, JSON.stringify([row, rowOf('Which is nearer?'), rowOf('Where is it?')]));
    const { exitCode, stdout, stderr } = await vilasr(['profile', 'capture', data, '--out', out]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/profile\.json \([0-9a-f]{64}\)\n$/);
    expect(stderr).toContain('drawn.next: ');
    const profile = readProfile(await readFile(out, 'utf8'), out);
    expect(profile.question.single).toContain('### Ask:');
    const printed = await vilasr(['profile', 'capture', data]);
    expect(readProfile(printed.stdout, 'stdout')).toEqual(profile);
  });

  it('does not write over the data set', async () => {
    const data = join(await temporaryFolder(), 'data.json');
    await writeFile(data, JSON.stringify([row]));
    expect((await vilasr(['profile', 'capture', data, '--out', data])).exitCode).toBe(2);
    expect(await readFile(data, 'utf8')).toBe(JSON.stringify([row]));
  });

  it('names line and field of a row that is none', async () => {
    const data = join(await temporaryFolder(), 'data.json');
    await writeFile(data, `[${JSON.stringify(row)},\n{"conversations": [{"role": "user"}]}]`);
    const { exitCode, stderr } = await vilasr(['profile', 'capture', data]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('line 2, conversations[0].content: it is missing');
  });
});
