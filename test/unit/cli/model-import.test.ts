import { expect, it, vi } from 'vitest';
import { modelImport } from '../../../src/cli/commands/model-import';
import { main } from '../../../src/cli/main';
import { openCheckpoint } from '../../../src/engine/onnx/checkpoint';
import { tinyCheckpoint } from '../../helpers/imports';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { memoryIo } from './memory-io';

// The real one, counted.
vi.mock(import('../../../src/engine/onnx/checkpoint'), async (original) => {
  const real = await original();
  return { ...real, openCheckpoint: vi.fn(real.openCheckpoint) };
});

it('vilasr model import opens the checkpoint once', async () => {
  vi.stubEnv('VILASR_CACHE', await temporaryFolder());
  const { dir } = await tinyCheckpoint();
  vi.mocked(openCheckpoint).mockClear();
  const io = memoryIo();
  expect(await main(['model', 'import', dir], io, [modelImport])).toBe(0);
  expect(io.out()).toContain('tiny is imported as');
  expect(openCheckpoint).toHaveBeenCalledTimes(1);
  vi.unstubAllEnvs();
});
