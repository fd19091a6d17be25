import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { readTrace } from '../../../src/trace/trace-line';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { isAlive, randomModel, readTraces, startVilasr, tirelessModel, vilasr } from '../../helpers/vilasr';

let maze: string;
let scene: string;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vilasr-test-'));
  for (const family of ['maze', 'scene']) {
    await vilasr(['synth', family, '--count', '1', '--seed', '3', '--out', join(folder, family)]);
  }
  maze = join(folder, 'maze', 'images', 'maze-3-0.png');
  scene = join(folder, 'scene', 'images', 'scene-3-0.png');
  return () => rm(folder, { recursive: true, force: true });
});

const ASK = ['--question', 'Where does the path end?'];
const short = (...args: string[]) =>
  vilasr(['run', ...args, ...ASK, '--model', randomModel, '--max-tokens', '6']);

describe('vilasr run', () => {
  it('streams what the model says to stdout and says on stderr why there is no answer', async () => {
    const { exitCode, stdout, stderr } = await short(maze);
    expect(exitCode).toBe(1);
    expect(stdout.trim()).not.toBe('');
    expect(stderr).toBe(
      '  turn 1: The turn neither draws nor answers.\nvilasr: The last turn reached its limit of 6 tokens (--max-tokens).\n',
    );
  });

  it('is refused before it starts if images as large as --max-pixels do not fit into memory', async () => {
    const { exitCode, stdout, stderr } = await short(maze, '--max-pixels', '1000000000');
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    const limit = /This run needs about .* Limit images to (\d+) pixels/.exec(stderr)?.[1];
    // A tenth less: what is free changes from one run to the next.
    const fits = await short(maze, '--max-pixels', String(Math.floor(Number(limit) * 0.9)));
    expect(fits).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('--max-tokens') });
  });

  it.runIf(process.platform === 'linux' && process.arch === 'x64')(
    'computes on the processor where the libraries of CUDA are missing, and says which and where they come from',
    async () => {
      const { exitCode, stderr } = await short(maze, '--provider', 'cuda');
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(
        /^computing on the processor: CUDA cannot be used: libonnxruntime_providers_shared\.so .* not in .*linux.x64; the NuGet package Microsoft\.ML\.OnnxRuntime\.Gpu\.Linux .*\n/,
      );
      expect(stderr).toContain('--max-tokens');
    },
  );

  it('says of a picture of another size that the bundled model knows nothing of it, and of one that it may know nothing', async () => {
    const large = join(await temporaryFolder(), 'large.png');
    await sharp({ create: { width: 640, height: 480, channels: 3, background: 'white' } }).toFile(large);
    const ask = (picture: string) => vilasr(['run', picture, '--question', 'Which?', '--max-tokens', '2']);
    expect((await ask(large)).stderr).toContain(
      'The bundled model knows small mazes and coloured shapes only.',
    );
    expect((await ask(maze)).stderr).not.toContain('bundled');
  });

  it('prints with --json the trace alone on stdout, and a line a turn on stderr', async () => {
    const { exitCode, stdout, stderr } = await short(maze, '--json');
    expect(exitCode).toBe(1);
    expect(stdout.endsWith('}\n')).toBe(true);
    const { trace, findings } = readTrace(stdout.slice(0, -1));
    expect(
      findings.filter(({ code }) => code !== 'empty-turn' && code !== 'no-think' && code !== 'no-action'),
    ).toEqual([]);
    expect(trace).toMatchObject({
      question: 'Where does the path end?',
      type: 'free-form',
      kind: 'single',
      finish: 'length',
      images: [{ path: maze, model: { width: 84, height: 84 } }],
      run: {
        model: 'gqa-untied-fp32',
        weights: 'fp32',
        limits: { maxTurns: 20, maxImages: 45, maxTokens: 6, maxPixels: 351232 },
      },
    });
    expect(stderr).toMatch(/^turn 1: no action, 6 tokens, \d+\.\d s\n/);
  });

  it('records options, type, several views or a video, limits and sampling as they were asked for', async () => {
    const views = [maze, scene];
    const options = ['--option', 'left', '--option', 'right'];
    const draws = [
      '--temperature',
      '0.7',
      '--top-p',
      '0.9',
      '--seed',
      '11',
      '--max-turns',
      '3',
      '--max-images',
      '5',
    ];
    const limits = ['--max-pixels', '12544', '--weights', 'int8', '--json'];
    const { stdout } = await short(...views, ...options, ...draws, ...limits);
    expect(JSON.parse(stdout)).toMatchObject({
      options: ['A. left', 'B. right'],
      type: 'multiple-choice',
      kind: 'multi-view',
      run: {
        weights: 'int8',
        limits: { maxTurns: 3, maxImages: 5, maxPixels: 12544 },
        sampling: { temperature: 0.7, topP: 0.9, seed: 11 },
      },
    });
    const video = await short(...views, '--video', '--type', 'numerical', '--json');
    expect(JSON.parse(video.stdout)).toMatchObject({ kind: 'video', type: 'numerical' });
  });

  it('draws the same tokens from the same seed and others from another', async () => {
    const say = async (seed: string) => {
      const { stdout } = await short(maze, '--temperature', '1.5', '--seed', seed, '--json');
      return JSON.parse(stdout).turns[0].text;
    };
    expect(await say('4')).toBe(await say('4'));
    expect(await say('4')).not.toBe(await say('5'));
  });

  it('appends traces to --out, whose paths start from its folder, and writes the images it showed', async () => {
    const folder = await temporaryFolder();
    const out = join(folder, 'new', 'run.traces.jsonl');
    const images = join(folder, 'images');
    await short(maze, '--out', out, '--images-out', images);
    await short(scene, '--out', out);
    const traces = readTraces(out);
    expect(traces.map((trace) => trace.images.map(({ path }) => join(folder, 'new', path)))).toEqual([
      [maze],
      [scene],
    ]);
    expect(new Set(traces.map(({ id }) => id)).size).toBe(2);
    expect(await readdir(images)).toEqual(['image-1.png']);
    const header = await readFile(join(images, 'image-1.png'));
    expect([header.readUInt32BE(16), header.readUInt32BE(20)]).toEqual([84, 84]);
  });

  it('says the words of the profile it is given', async () => {
    const folder = await temporaryFolder();
    const profile = join(folder, 'profile.json');
    const bundled = await readFile(
      join(import.meta.dirname, '../../../media/model/vilasr_profile.json'),
      'utf8',
    );
    await writeFile(profile, bundled);
    const own = JSON.parse((await short(maze, '--json', '--profile', profile)).stdout);
    const builtIn = JSON.parse((await short(maze, '--json')).stdout);
    expect(own.run.profile).not.toBe(builtIn.run.profile);
  });
});

describe('a run that is stopped', () => {
  const long = (out: string) => [
    'run',
    maze,
    ...ASK,
    '--model',
    tirelessModel,
    '--provider',
    'cpu',
    '--max-tokens',
    '3000',
    '--out',
    out,
  ];

  it('by Ctrl-C in a terminal keeps what was said, ends with 1 and leaves no process', async () => {
    const out = join(await temporaryFolder(), 'run.traces.jsonl');
    const run = startVilasr(long(out), { detached: true });
    await run.until(({ stdout }) => stdout.length > 20);
    const children = [...run.children('engine'), ...run.children('pixels')];
    expect(children).toHaveLength(2);
    process.kill(-(run.child.pid ?? 0), 'SIGINT');
    expect(await run.finished).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('Cancelled in turn 1.'),
    });
    const [trace] = readTraces(out);
    expect(trace).toMatchObject({ finish: 'cancelled', answer: null });
    expect(trace?.turns[0]?.text.length).toBeGreaterThan(10);
    expect(children.filter(isAlive)).toEqual([]);
  });

  it('by who reads its output keeps what was said and ends with 1', async () => {
    const out = join(await temporaryFolder(), 'run.traces.jsonl');
    const run = startVilasr(long(out));
    await run.until(({ stdout }) => stdout.length > 20);
    run.child.stdout?.destroy();
    expect((await run.finished).exitCode).toBe(1);
    const [trace] = readTraces(out);
    expect(trace).toMatchObject({ finish: 'cancelled' });
    expect(trace?.turns[0]?.text.length).toBeGreaterThan(10);
  });

  it('by Ctrl-C before the model has spoken leaves a trace without turns', async () => {
    const out = join(await temporaryFolder(), 'run.traces.jsonl');
    const run = startVilasr(long(out));
    while (run.children('engine').length === 0) await run.pause();
    run.child.kill('SIGINT');
    expect((await run.finished).exitCode).toBe(1);
    expect(readTraces(out)).toMatchObject([{ finish: 'cancelled' }]);
  });

  it('by the death of the engine in mid-sentence ends with 3, says so, and keeps what was said', async () => {
    const out = join(await temporaryFolder(), 'run.traces.jsonl');
    const run = startVilasr(long(out));
    await run.until(({ stdout }) => stdout.length > 20);
    for (const pid of run.children('engine')) process.kill(pid, 'SIGKILL');
    const { exitCode, stderr } = await run.finished;
    expect(exitCode).toBe(3);
    expect(stderr).toContain('vilasr: The engine was killed (SIGKILL).');
    const [trace] = readTraces(out);
    expect(trace).toMatchObject({ finish: 'failed', error: expect.stringContaining('killed') });
    expect(trace?.turns[0]?.text.length).toBeGreaterThan(10);
  });

  it('by the death of the engine before it has said anything ends with 3, and writes a trace all the same', async () => {
    const out = join(await temporaryFolder(), 'run.traces.jsonl');
    const run = startVilasr([...long(out), '--json']);
    while (run.children('engine').length === 0) await run.pause();
    for (const pid of run.children('engine')) process.kill(pid, 'SIGKILL');
    const { exitCode, stdout } = await run.finished;
    expect(exitCode).toBe(3);
    expect(readTraces(out)).toMatchObject([{ finish: 'failed', error: expect.stringContaining('killed') }]);
    expect(`${await readFile(out, 'utf8')}`).toBe(stdout);
  });

  it('by a reader of its output that goes away ends as a cancel does, and leaves no child', async () => {
    const out = join(await temporaryFolder(), 'run.traces.jsonl');
    const run = startVilasr(long(out));
    await run.until(({ stdout }) => stdout.length > 20);
    const children = run.children('engine');
    run.child.stdout?.destroy();
    const { exitCode, stderr } = await run.finished;
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Cancelled');
    await expect.poll(() => children.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  });

  it('outright leaves no process behind', async () => {
    const run = startVilasr(long(join(await temporaryFolder(), 'run.traces.jsonl')));
    await run.until(({ stdout }) => stdout.length > 20);
    const children = [...run.children('engine'), ...run.children('pixels')];
    run.child.kill('SIGKILL');
    await expect.poll(() => children.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  });
});

describe('bad input ends with 2 before a model is opened, without a trace', () => {
  it.each([
    ['no image', () => [], 'An image is missing.'],
    ['an image that is not there', () => ['/nowhere/maze.png'], '/nowhere/maze.png'],
    ['a folder for an image', () => [join(maze, '..')], 'images'],
    ['a file that is no image', () => [join(import.meta.dirname, 'run.test.ts')], 'run.test.ts'],
    ['an unknown option', () => [maze, '--modell', 'x'], 'Unknown option --modell. Did you mean --model?'],
    ['an unknown type', () => [maze, '--type', 'essay'], '--type is "essay", but must be one of'],
    [
      'a limit of nothing',
      () => [maze, '--max-turns', '0'],
      '--max-turns is "0", but must be a whole number of 1 or more.',
    ],
    ['a probability beyond 1', () => [maze, '--top-p', '1.5'], '--top-p is "1.5"'],
    [
      'images too small to see',
      () => [maze, '--max-pixels', '100'],
      '--max-pixels is 100; an image has 784 pixels or more.',
    ],
    ['a profile that is none', () => [maze, '--profile', maze], 'maze-3-0.png'],
  ])('%s', async (_, args, message) => {
    const out = join(await temporaryFolder(), 'run.traces.jsonl');
    const { exitCode, stdout, stderr } = await short(...args(), '--out', out);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    await expect(readFile(out)).rejects.toThrow('ENOENT');
  });

  it('no question', async () => {
    const { exitCode, stderr } = await vilasr(['run', maze]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--question is missing.');
  });

  it('a file for --out that holds something else, which is left as it is', async () => {
    const out = join(await temporaryFolder(), 'notes.txt');
    await writeFile(out, 'my notes');
    expect(await short(maze, '--out', out)).toMatchObject({
      exitCode: 2,
      stderr: `vilasr: ${out} does not end with a trace; it is left as it is. Choose another file.\n`,
    });
    expect(await readFile(out, 'utf8')).toBe('my notes');
  });

  it.each([
    ['that is not there', async (dir: string) => join(dir, 'none'), 'none'],
    ['without a config', async (dir: string) => dir, 'config.json'],
    [
      'of pickle files only',
      async (dir: string) => {
        for (const name of ['config.json', 'tokenizer.json', 'tokenizer_config.json']) {
          await writeFile(join(dir, name), await readFile(join(randomModel, name)));
        }
        await writeFile(join(dir, 'pytorch_model.bin'), 'pickle');
        return dir;
      },
      'pytorch_model.bin',
    ],
    [
      'of another architecture',
      async (dir: string) => {
        await mkdir(dir, { recursive: true });
        await writeFile(
          join(dir, 'config.json'),
          '{"architectures": ["LlamaForCausalLM"], "model_type": "llama"}',
        );
        return dir;
      },
      'llama',
    ],
  ])('a model folder %s', async (_, make, message) => {
    const folder = await temporaryFolder();
    const out = join(folder, 'run.traces.jsonl');
    const model = await make(join(folder));
    const { exitCode, stdout, stderr } = await vilasr([
      'run',
      maze,
      '--question',
      'q',
      '--model',
      model,
      '--out',
      out,
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    await expect(readFile(out)).rejects.toThrow('ENOENT');
  });
});
