import { hostname, userInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { isAlive, startVilasr, tirelessModel, vilasr } from '../../helpers/vilasr';

const bench = async (...args: string[]) => {
  const { exitCode, stdout, stderr } = await vilasr(['model', 'bench', ...args, '--json']);
  return { exitCode, stderr, report: JSON.parse(stdout) };
};

const pace = { tokens: expect.any(Number), seconds: expect.any(Number) };

describe('vilasr model bench', () => {
  it('measures the bundled model on the processor, and says why not on a graphics card', async () => {
    const { exitCode, stderr, report } = await bench();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const none = expect.stringContaining('no graphics card was found');
    expect(report).toMatchObject({
      program: expect.stringMatching(/^ViLaSR \d+\.\d+\.\d+, Node /),
      machine: {
        cores: expect.any(Number),
        memory: { total: expect.any(Number) },
        processor: expect.any(String),
      },
      runtime: { version: '1.30.0', providers: ['cpu', 'webgpu'] },
      model: { name: 'bundled', contextLength: 4096 },
      card: { found: { missing: expect.stringContaining('adapter') }, failure: null },
      usual: { provider: 'cpu', why: none },
      providers: [
        { provider: 'cpu', weights: 'fp32', state: 'measured', why: null },
        { provider: 'webgpu', state: 'skipped', why: none },
      ],
    });
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

  it('ends with 3 where the graphics card that was asked for cannot be measured', async () => {
    const { exitCode, report } = await bench('--provider', 'webgpu');
    expect(exitCode).toBe(3);
    expect(report.providers).toMatchObject([{ provider: 'webgpu', state: 'skipped' }]);
  });

  it.each([
    [['no-such-folder'], 'no-such-folder'],
    [['--provider', 'cuda'], '--provider is "cuda"'],
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
