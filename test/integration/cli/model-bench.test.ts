import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXPERT_PROVIDERS } from '../../../src/engine/engine';
import { whyNotHere } from '../../../src/engine/expert-providers';
import { benchMarkdown } from '../../../src/engine/onnx/bench/bench-markdown';
import { benchModel } from '../../../src/engine/onnx/bench/bench-model';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { bundledModel, isAlive, startVilasr, tirelessModel, vilasr } from '../../helpers/vilasr';

const bench = async (...args: string[]) => {
  const { exitCode, stdout, stderr } = await vilasr(['model', 'bench', ...args, '--json']);
  return { exitCode, stderr, report: JSON.parse(stdout) };
};

/** A way to a graphics card that is for experts and that this system has, if there is one, and one that it has not. */
const here = EXPERT_PROVIDERS.find((provider) => whyNotHere(provider) === null);
const elsewhere = process.platform === 'win32' ? 'coreml' : 'dml';
const linux = process.platform === 'linux' && process.arch === 'x64';

const pace = { tokens: expect.any(Number), seconds: expect.any(Number) };

describe('vilasr model bench', () => {
  it('measures the bundled model on the processor, and on a graphics card or says why not', async () => {
    const { exitCode, stderr, report } = await bench();
    expect(report).toMatchObject({
      program: expect.stringMatching(/^ViLaSR \d+\.\d+\.\d+, Node /),
      machine: {
        cores: expect.any(Number),
        memory: { total: expect.any(Number) },
        processor: expect.any(String),
      },
      runtime: { version: '1.30.0', providers: expect.arrayContaining(['cpu']) },
      model: { name: 'bundled', contextLength: 4096 },
      usual: { why: expect.any(String) },
      providers: [{ provider: 'cpu', weights: 'fp32', state: 'measured', why: null }, { provider: 'webgpu' }],
    });
    const { state, why } = report.providers[1];
    expect(why === null).toBe(state === 'measured');
    expect({ exitCode, stderr }).toEqual({ exitCode: state === 'failed' ? 3 : 0, stderr: '' });
    const { figures } = report.providers[0];
    expect(figures).toMatchObject({
      ...{ prefill: pace, decode: pace, longPrefill: pace, longDecode: pace, image: pace },
      together: { ...pace, count: 8 },
    });
    expect(figures.prefill.tokens).toBeGreaterThan(400);
    expect(figures.longDecode.after).toBeGreaterThan(3000);
    expect(figures.decode.tokens).toBeGreaterThanOrEqual(48);
    expect(figures.together.tokens).toBeGreaterThanOrEqual(8 * 48);
    expect(figures.memory).toBeGreaterThan(5e7);
    expect(figures.reply.length).toBeGreaterThan(0);
  });

  it('prints a document that names no folder and nobody', async () => {
    const { exitCode, stdout } = await vilasr([
      'model',
      'bench',
      tirelessModel,
      '--provider',
      'cpu',
      '--weights',
      'int8',
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^# ViLaSR benchmark\n\n/);
    expect(stdout).toContain('| model | mqa-tied-bf16: 0.2 million parameters, bfloat16, ');
    expect(stdout).toContain('Not tried: the processor alone was asked for.');
    expect(stdout).toMatch(/\| weights \| int8 \|/);
    for (const name of [hostname(), `/${userInfo().username}`, process.cwd(), 'checkpoints']) {
      expect(stdout).not.toContain(name);
    }
  });

  // Tests see no card there: see scripts/software-vulkan.mjs.
  it.runIf(linux)('says that there is no graphics card, and ends with 3 where it was asked for', async () => {
    const { exitCode, report } = await bench('--provider', 'webgpu');
    expect(exitCode).toBe(3);
    const why = expect.stringContaining('no graphics card was found');
    expect(report).toMatchObject({
      card: { found: { missing: expect.stringContaining('adapter') }, failure: null },
      usual: { provider: 'cpu', why },
      providers: [{ provider: 'webgpu', state: 'skipped', why }],
    });
  });

  it.runIf(here)(
    'measures a way for experts that this system has, or says why not and ends with 3',
    async () => {
      const { exitCode, report } = await bench('--provider', here ?? '');
      expect(report.usual).toBeNull();
      const [{ provider, state, why }, ...others] = report.providers;
      expect({ provider, others }).toEqual({ provider: here, others: [] });
      expect(why === null).toBe(state === 'measured');
      expect(exitCode).toBe(state === 'measured' ? 0 : 3);
    },
  );

  it('reports of one that this system lacks, where a setting asks for it, that it is not there', async () => {
    const report = await benchModel({
      ...{ dir: bundledModel, program: 'a test', provider: elsewhere, weights: null },
      ...{ onProgress: () => {}, signal: new AbortController().signal, cacheDir: await temporaryFolder() },
      entry: join(import.meta.dirname, '../../../dist/engine.js'),
    });
    const why = expect.stringMatching(/^\w+ computes on .* only$/);
    expect(report).toMatchObject({
      card: { found: null, failure: why },
      usual: null,
      providers: [{ provider: elsewhere, state: 'skipped', why }],
    });
    expect(benchMarkdown(report)).toMatch(/\n## Graphics card\n\nIt cannot be used: \w+ computes on /);
  });

  it.each([
    [['no-such-folder'], 'no-such-folder'],
    [['--provider', elsewhere], `--provider is "${elsewhere}", but `],
    [['--provider', 'gpu'], '--provider is "gpu", but must be one of cpu, webgpu, '],
    [['media/model', 'more'], '"more" is one word too many'],
  ])('%j is refused with 2', async (args, words) => {
    const { exitCode, stdout, stderr } = await vilasr(['model', 'bench', ...args]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(words);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s stops it in the middle, with 1, and no engine stays',
    async (signal) => {
      const running = startVilasr(['model', 'bench', '--provider', 'cpu']);
      const engines = new Set<number>();
      // The first only says what onnxruntime has; the second one measures.
      while (engines.size < 2) {
        await running.pause();
        for (const pid of running.children('engine.js')) engines.add(pid);
      }
      running.child.kill(signal);
      const { exitCode, stdout, stderr } = await running.finished;
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toContain('cancelled');
      expect([...engines].filter(isAlive)).toEqual([]);
    },
  );
});
