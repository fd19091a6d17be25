import { defineConfig } from 'vitest/config';

/** The benchmark of the editor in a real VS Code: see scripts/bench-editor.mjs. */
export default defineConfig({
  test: {
    include: ['test/bench/editor/*.bench.ts'],
    globalSetup: 'test/e2e/setup.ts',
    fileParallelism: false,
    disableConsoleIntercept: true,
    testTimeout: 1_800_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 120_000 } },
  },
});
