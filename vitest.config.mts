import { defineConfig } from 'vitest/config';
import { closingLine } from './scripts/closing-line.mjs';
import { kernels } from './scripts/kernels.mjs';
import { vulkanEnvironment } from './scripts/software-vulkan.mjs';
import { textFiles } from './scripts/text-files.mjs';

Object.assign(process.env, vulkanEnvironment());

/** With `VILASR_LONG=1` the random tests run their full counts, which takes hours. */
const LONG = process.env.VILASR_LONG === '1';
const TEST_TIMEOUT = LONG ? 4 * 3_600_000 : 60_000;

/** These start the built programs, which use every core: one file at a time. */
const PROGRAMS = { fileParallelism: false, globalSetup: 'test/helpers/build-dist.ts' };

/** One project a layer, so that each runs alone. Layers run one after the other, in this order. */
const layer = (name: string, groupOrder: number, own: object = {}) => ({
  plugins: [textFiles, kernels],
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout: TEST_TIMEOUT,
    hookTimeout: 120_000,
    sequence: { groupOrder },
    ...own,
  },
});

export default defineConfig({
  test: {
    projects: [
      layer('unit', 0),
      layer('parity', 1),
      layer('integration', 2, { ...PROGRAMS, testTimeout: LONG ? TEST_TIMEOUT : 180_000 }),
      layer('webview', 3, { ...PROGRAMS }),
      layer('e2e', 4, {
        fileParallelism: false,
        globalSetup: 'test/e2e/setup.ts',
        testTimeout: 120_000,
        hookTimeout: 180_000,
        expect: { poll: { timeout: 30_000 } },
      }),
      layer('contract', 5, { ...PROGRAMS, testTimeout: 900_000 }),
    ],
    reporters: ['default', closingLine],
    allowOnly: false,
  },
});
