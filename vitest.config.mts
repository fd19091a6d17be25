import { defineConfig } from 'vitest/config';

/** One project a layer, so that each runs alone in seconds. */
const layer = (name: string) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: 60_000, hookTimeout: 120_000 },
});

export default defineConfig({
  test: { projects: [layer('unit'), layer('parity'), layer('integration')], allowOnly: false },
});
