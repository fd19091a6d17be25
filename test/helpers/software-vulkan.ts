import { describe, vi } from 'vitest';

/**
 * Tests that compute on WebGPU, in this process or in its children: on SwiftShader, a Vulkan driver that computes on the
 * processor. Where there may be none (see scripts/software-vulkan.mjs) they are left out; else one that is missing fails.
 */
export function describeOnWebgpu(name: string, tests: () => void): void {
  describe.runIf(process.platform === 'linux' && process.arch === 'x64')(name, () => {
    useSoftwareAdapter();
    // It compiles its programs for seconds each.
    vi.setConfig({ testTimeout: 900_000, hookTimeout: 900_000 });
    tests();
  });
}

/** Lets the Vulkan loader of this process and of its children find SwiftShader, by the file that is returned. */
export function useSoftwareAdapter(): string {
  const icd = process.env.VILASR_SOFTWARE_VULKAN;
  if (icd === undefined) {
    throw new Error(
      "SwiftShader is missing: run `npm test`, which installs it, or install Debian's chromium.",
    );
  }
  process.env.VK_ICD_FILENAMES = icd;
  return icd;
}
