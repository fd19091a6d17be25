import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';

/** A graphics card as the system knows it. */
export interface GraphicsCard {
  readonly name: string;
  /** Its driver, with the version where the system tells; null where it has none, or nothing tells. */
  readonly driver: string | null;
}

/** The graphics cards of this machine; none where the system does not say, or the signal is aborted before. */
export async function graphicsCards(signal: AbortSignal): Promise<readonly GraphicsCard[]> {
  const output = async (program: string, ...args: string[]): Promise<string> =>
    (await promisify(execFile)(program, args, { timeout: 20_000, windowsHide: true, signal })).stdout;
  try {
    switch (process.platform) {
      case 'linux':
        return await cardsOnLinux('/');
      case 'darwin':
        return cardsOnMac(await output('system_profiler', 'SPDisplaysDataType', '-json'));
      case 'win32':
        return cardsOnWindows(await output('powershell.exe', '-NoProfile', '-Command', QUERY));
    }
  } catch {
    // A report without them is still of use.
  }
  return [];
}

const QUERY =
  'Get-CimInstance Win32_VideoController | Select-Object Name, DriverVersion | ConvertTo-Json -Compress';

const VENDORS: Readonly<Record<string, string>> = {
  '0x1002': 'AMD',
  '0x10de': 'NVIDIA',
  '0x1414': 'Microsoft',
  '0x15ad': 'VMware',
  '0x1af4': 'virtio',
  '0x8086': 'Intel',
};

/** For Linux: the display controllers on the PCI bus. `root` is where `/` is. */
export async function cardsOnLinux(root: string): Promise<GraphicsCard[]> {
  const bus = join(root, 'sys/bus/pci/devices');
  const cards: GraphicsCard[] = [];
  for (const slot of (await list(bus)).sort()) {
    const value = async (name: string) => (await read(join(bus, slot, name)))?.trim() ?? '';
    if (!(await value('class')).startsWith('0x03')) continue;
    const vendor = await value('vendor');
    const device = `${VENDORS[vendor] ?? vendor} ${await value('device')}`;
    const driver = await readlink(join(bus, slot, 'driver')).then(basename, () => null);
    const information = await read(join(root, 'proc/driver/nvidia/gpus', slot, 'information'));
    const model = /^Model:\s*(\S.*)$/m.exec(information ?? '')?.[1];
    cards.push({ name: model ?? device, driver: await withVersion(root, driver) });
  }
  return cards;
}

async function withVersion(root: string, driver: string | null): Promise<string | null> {
  if (driver !== 'nvidia') return driver;
  const version = /\b\d+\.\d+(\.\d+)?\b/.exec(
    (await read(join(root, 'proc/driver/nvidia/version'))) ?? '',
  )?.[0];
  return version === undefined ? driver : `${driver} ${version}`;
}

/** For macOS, from what `system_profiler SPDisplaysDataType -json` prints. Throws for other text. */
export function cardsOnMac(json: string): GraphicsCard[] {
  const { SPDisplaysDataType: cards } = v.parse(macCards, JSON.parse(json));
  return cards.map(({ sppci_model, sppci_cores }) => ({
    name: sppci_cores === undefined ? sppci_model : `${sppci_model}, ${sppci_cores} cores`,
    driver: null,
  }));
}

const macCards = v.object({
  SPDisplaysDataType: v.array(v.object({ sppci_model: v.string(), sppci_cores: v.optional(v.string()) })),
});

/** For Windows, from what `QUERY` prints: an object for one card, an array for several. Throws for other text. */
export function cardsOnWindows(json: string): GraphicsCard[] {
  const cards = v.parse(v.union([v.array(windowsCard), windowsCard]), JSON.parse(json));
  return [cards].flat().map(({ Name, DriverVersion }) => ({ name: Name, driver: DriverVersion }));
}

const windowsCard = v.object({ Name: v.string(), DriverVersion: v.nullable(v.string()) });

/** On Linux the drivers of Vulkan that are installed, or that the environment names, by their manifests; else null. */
export async function vulkanDrivers(
  platform: NodeJS.Platform = process.platform,
  { root = '/', env = process.env }: { root?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<readonly string[] | null> {
  // Other systems bring what WebGPU needs.
  if (platform !== 'linux') return null;
  const named = env.VK_DRIVER_FILES || env.VK_ICD_FILENAMES;
  if (named) return named.split(':').map((path) => basename(path));
  const folders = ['usr/share/vulkan/icd.d', 'usr/local/share/vulkan/icd.d', 'etc/vulkan/icd.d'];
  return (await Promise.all(folders.map((folder) => list(join(root, folder))))).flat().sort();
}

/**
 * The graphics card that WebGPU took, from what Vulkan's loader writes when `VULKAN_TALK` is in its environment; null where
 * it does not say.
 */
export function takenByVulkan(words: string): string | null {
  return /Using "([^"]+)" with driver/.exec(words)?.[1] ?? null;
}

export const VULKAN_TALK = { VK_LOADER_DEBUG: 'driver' };

const list = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
const read = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null);
