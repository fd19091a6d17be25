/**
 * Measures the cache on WebGPU (see `test/bench/webgpu.bench.ts`), on this machine's graphics card, or with VILASR_SOFTWARE on
 * SwiftShader, which computes on the processor:
 *
 *     [VILASR_SOFTWARE=1] npm run bench:webgpu [-- CHECKPOINT [VARIANT ...]]
 *
 * The model is a small one with the heads of the checkpoint; without a checkpoint, with two heads of 64.
 */
import { join } from 'node:path';
import { withBenchmark } from './bench-program.mjs';
import { entry, ROOT, run } from './setup.mjs';
import { ensureSoftwareVulkan, vulkanEnvironment, whyNoSoftwareVulkan } from './software-vulkan.mjs';

const SMALL = join(ROOT, 'test', 'parity', 'golden', 'checkpoints', 'gqa-untied-fp32');

entry(async ([checkpoint, ...variants]) => {
  await withBenchmark('test/bench/webgpu.bench.ts', (program) => {
    const heads = checkpoint === undefined ? 'few' : 'own';
    const args = [program, heads, checkpoint ?? SMALL, ...variants];
    run('The benchmark', process.execPath, args, { env: { ...process.env, ...software() } });
  });
});

/** What lets a machine without a Vulkan driver use SwiftShader. */
function software() {
  if (process.env.VILASR_SOFTWARE === undefined || whyNoSoftwareVulkan() !== null) return {};
  ensureSoftwareVulkan();
  const { LD_LIBRARY_PATH, VILASR_SOFTWARE_VULKAN } = vulkanEnvironment();
  return { LD_LIBRARY_PATH, VK_ICD_FILENAMES: VILASR_SOFTWARE_VULKAN };
}
