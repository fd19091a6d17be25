import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  cardsOnLinux,
  cardsOnMac,
  cardsOnWindows,
  takenByVulkan,
  vulkanDrivers,
} from '../../../../../src/engine/onnx/bench/graphics-cards';
import { temporaryFolder } from '../../../../helpers/temporary-folder';

async function write(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
}

describe('on Linux', () => {
  test('display controllers of the PCI bus are cards, with their drivers', async () => {
    const root = await temporaryFolder();
    const bus = 'sys/bus/pci/devices';
    await write(root, {
      [`${bus}/0000:00:02.0/class`]: '0x030000\n',
      [`${bus}/0000:00:02.0/vendor`]: '0x8086\n',
      [`${bus}/0000:00:02.0/device`]: '0x46a6\n',
      [`${bus}/0000:00:1f.0/class`]: '0x060100\n',
      [`${bus}/0000:01:00.0/class`]: '0x030200\n',
      [`${bus}/0000:01:00.0/vendor`]: '0x10de\n',
      [`${bus}/0000:01:00.0/device`]: '0x2786\n',
      'proc/driver/nvidia/gpus/0000:01:00.0/information': 'Model: \t\t NVIDIA GeForce RTX 4070\nIRQ: 1\n',
      'proc/driver/nvidia/version': 'NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.14  Thu\n',
    });
    await symlink('../drivers/i915', join(root, bus, '0000:00:02.0', 'driver'));
    await symlink('../drivers/nvidia', join(root, bus, '0000:01:00.0', 'driver'));
    expect(await cardsOnLinux(root)).toEqual([
      { name: 'Intel 0x46a6', driver: 'i915' },
      { name: 'NVIDIA GeForce RTX 4070', driver: 'nvidia 550.54.14' },
    ]);
  });

  test('a machine may have none', async () => {
    expect(await cardsOnLinux(await temporaryFolder())).toEqual([]);
  });

  test('drivers of Vulkan are those that the environment names, else those that are installed', async () => {
    const root = await temporaryFolder();
    await write(root, { 'usr/share/vulkan/icd.d/b.json': '', 'etc/vulkan/icd.d/a.json': '' });
    const drivers = (env: NodeJS.ProcessEnv) => vulkanDrivers('linux', { root, env });
    expect(await drivers({})).toEqual(['a.json', 'b.json']);
    expect(await drivers({ VK_ICD_FILENAMES: '/x/c.json:/y/d.json' })).toEqual(['c.json', 'd.json']);
    expect(await vulkanDrivers('win32')).toBeNull();
  });

  test('the loader of Vulkan says which card was taken', () => {
    const words = `[Vulkan Loader] DRIVER:    Using "Some Card" with driver: "/usr/lib/libsome.so"\n`;
    expect(takenByVulkan(`before\n${words}after`)).toBe('Some Card');
    expect(takenByVulkan('nothing of it')).toBeNull();
  });
});

test('macOS names them in JSON', () => {
  const card = { _name: 'kHW_AppleM3Item', sppci_model: 'Apple M3', sppci_cores: '10' };
  expect(cardsOnMac(JSON.stringify({ SPDisplaysDataType: [card] }))).toEqual([
    { name: 'Apple M3, 10 cores', driver: null },
  ]);
});

test('Windows names one or several', () => {
  const one = { Name: 'Intel(R) Iris(R) Xe Graphics', DriverVersion: '31.0.101.4502' };
  const expected = { name: one.Name, driver: one.DriverVersion };
  expect(cardsOnWindows(JSON.stringify(one))).toEqual([expected]);
  expect(cardsOnWindows(JSON.stringify([one, one]))).toEqual([expected, expected]);
});
