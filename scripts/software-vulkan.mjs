/**
 * SwiftShader, a Vulkan driver that computes on the processor, for the tests of WebGPU. Chromium brings it, and the loader
 * that finds drivers.
 */
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { ensureChromium, findChromium } from './e2e/chromium.mjs';
import { SetupError } from './setup.mjs';

/** Why the tests of WebGPU cannot run on this system, or null. */
export function whyNoSoftwareVulkan() {
  const here = `${process.platform}-${process.arch}`;
  return here === 'linux-x64' ? null : `The tests of WebGPU run on linux-x64; this is ${here}.`;
}

/** Its description for the loader (`icd`), and the folder of the loader; null if it is not there. */
export function findSoftwareVulkan() {
  const chromium = findChromium();
  const folders = [...(chromium === null ? [] : [dirname(realpathSync(chromium))]), '/usr/lib/chromium'];
  const folder = folders.find((path) =>
    ['vk_swiftshader_icd.json', 'libvulkan.so.1'].every((name) => existsSync(join(path, name))),
  );
  return folder === undefined ? null : { icd: join(folder, 'vk_swiftshader_icd.json'), loader: folder };
}

/** Installs it where it is missing and that may be done. Throws `SetupError` otherwise. */
export function ensureSoftwareVulkan() {
  if (findSoftwareVulkan() !== null) return;
  ensureChromium();
  if (findSoftwareVulkan() === null) {
    throw new SetupError(
      'The tests of WebGPU need SwiftShader, which is in the Chromium of Debian (package chromium).',
    );
  }
}

/**
 * Environment variables for tests: the loader is found, but no driver, so that a test computes alike on every machine;
 * one of WebGPU names the driver, `$VILASR_SOFTWARE_VULKAN`, to the loader.
 */
export function vulkanEnvironment(env = process.env) {
  if (whyNoSoftwareVulkan() !== null) return {};
  const found = findSoftwareVulkan();
  const folders = [
    ...(found === null ? [] : [found.loader]),
    ...(env.LD_LIBRARY_PATH ? [env.LD_LIBRARY_PATH] : []),
  ];
  return {
    VK_ICD_FILENAMES: '/nonexistent.json',
    ...(folders.length > 0 && { LD_LIBRARY_PATH: folders.join(delimiter) }),
    ...(found !== null && { VILASR_SOFTWARE_VULKAN: found.icd }),
  };
}
