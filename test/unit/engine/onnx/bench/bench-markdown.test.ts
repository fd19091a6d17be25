import { expect, test } from 'vitest';
import { benchMarkdown } from '../../../../../src/engine/onnx/bench/bench-markdown';
import { type BenchReport, NO_FIGURES } from '../../../../../src/engine/onnx/bench/bench-report';

const report: BenchReport = {
  program: 'ViLaSR 0.1.0, Node 22.1.0',
  machine: {
    system: 'Linux 6.8.0, x64',
    processor: 'Some Processor | 7',
    cores: 8,
    memory: { total: 32e9, free: 20.04e9 },
    cards: [{ name: 'NVIDIA GeForce RTX 4070', driver: 'nvidia 550.54.14' }],
    vulkan: ['nvidia_icd.json'],
  },
  runtime: { version: '1.30.0', providers: ['cpu', 'webgpu'] },
  model: { name: 'Some-7B', parameters: 8.29e9, bytes: 16.6e9, numbers: ['bfloat16'], contextLength: 128000 },
  card: {
    taken: 'NVIDIA GeForce RTX 4070',
    found: {
      missing: null,
      milliseconds: { cpu: 812.34, card: 9.876 },
      products: null,
      fused: 'text attention of 32 tokens after 32: off by 8.1 %',
      decomposed: null,
      checks: [
        { what: 'products of a row with 8-bit weights', off: 0.0044, most: 0.03 },
        { what: 'fused text attention of 32 tokens after 32', off: 0.081, most: 0.001 },
        { what: 'fused image attention', off: null, most: 0.001 },
      ],
    },
    failure: null,
  },
  usual: {
    provider: 'webgpu',
    attention: 'decomposed',
    why: 'the graphics card computes as the processor does, but for its fused attention (off)',
  },
  providers: [
    {
      provider: 'cpu',
      attention: 'shared-cache',
      weights: 'int8',
      state: 'measured',
      why: null,
      figures: {
        import: 136.04,
        open: 19.2,
        prefill: { tokens: 120, seconds: 15 },
        decode: { tokens: 36, seconds: 15, after: 121 },
        together: { tokens: 100, seconds: 15, after: 121, count: 8 },
        image: { width: 448, height: 336, tokens: 194, seconds: 4.5 },
        longPrefill: null,
        longDecode: null,
        memory: 12.8e9,
        reply: [1, 2, 3],
      },
    },
    {
      provider: 'webgpu',
      attention: 'decomposed',
      weights: 'int8',
      state: 'failed',
      why: 'the graphics card was given up (Device is lost), while measuring a long prompt',
      figures: {
        ...NO_FIGURES,
        open: 8,
        prefill: { tokens: 512, seconds: 0.5 },
        decode: { tokens: 48, seconds: 1.5, after: 513 },
        reply: [1, 2, 4],
      },
    },
  ],
};

test('the report says what is here, what was compared, how fast it is and what failed', async () => {
  await expect(benchMarkdown(report)).toMatchFileSnapshot('report.golden.md');
});

const speed = (changed: Partial<BenchReport>) => benchMarkdown({ ...report, ...changed }).split('## ')[2];
const [cpu, webgpu] = report.providers;

test('replies that are alike are called so', () => {
  const figures = { ...NO_FIGURES, reply: [1, 2, 3] };
  const providers = [cpu!, { ...webgpu!, figures }];
  expect(speed({ providers })).toContain("| the likeliest reply | - | the processor's, 3 tokens |");
});

test('a reply that ends sooner is another one', () => {
  const figures = { ...NO_FIGURES, reply: [1, 2] };
  expect(speed({ providers: [cpu!, { ...webgpu!, figures }] })).toContain(
    "another than the processor's, from token 3",
  );
});

test('a reason is given once, and no table where nothing was measured', () => {
  const why = 'no graphics card was found';
  const usual = { provider: 'cpu', attention: 'shared-cache', why } as const;
  const found = {
    ...report.card!.found!,
    missing: 'No supported adapters',
    milliseconds: null,
    fused: null,
    checks: [],
  };
  const none = { ...webgpu!, state: 'skipped', why, figures: NO_FIGURES } as const;
  const text = benchMarkdown({ ...report, usual, card: { ...report.card!, found }, providers: [none] });
  expect(text.split(why)).toHaveLength(2);
  expect(text.split('## ').slice(1)).toEqual([
    `Graphics card\n\nUnless asked otherwise, a run computes on the processor: ${why}.\n\nNothing was compared.\n\n`,
    'Speed\n\nThe graphics card was not measured.\n',
  ]);
});

test('a trial that failed, or was not made, is told', () => {
  const failure = 'the trial of the graphics card crashed (SIGSEGV)';
  expect(benchMarkdown({ ...report, card: { taken: null, found: null, failure } })).toContain(
    `It cannot be used: ${failure}.`,
  );
  expect(benchMarkdown({ ...report, card: null, usual: null })).toContain('Not tried');
});
