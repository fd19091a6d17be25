import { EXPERT_PROVIDERS, type ExpertProvider, type Provider, type ProviderChoice } from './engine';

interface Expert {
  readonly name: string;
  readonly where: string;
  /** Whether onnxruntime-node has it there. */
  readonly has: (platform: string, arch: string) => boolean;
}

/** What onnxruntime-node 1.30.0 ships besides the processor and WebGPU. */
const EXPERTS: Readonly<Record<ExpertProvider, Expert>> = {
  cuda: {
    name: 'CUDA',
    where: 'Linux on x64',
    has: (platform, arch) => platform === 'linux' && arch === 'x64',
  },
  dml: { name: 'DirectML', where: 'Windows', has: (platform) => platform === 'win32' },
  coreml: {
    name: 'CoreML',
    where: 'macOS on Apple silicon',
    has: (platform, arch) => platform === 'darwin' && arch === 'arm64',
  },
};

const isExpert = (choice: string): choice is ExpertProvider =>
  EXPERT_PROVIDERS.some((expert) => expert === choice);

/** The name of a provider for people. */
export const providerName = (provider: Exclude<Provider, 'cpu'>): string =>
  isExpert(provider) ? EXPERTS[provider].name : 'WebGPU';

/** Why a system has no such provider at all, in words; null where it may have. */
export function whyNotHere(
  choice: ProviderChoice,
  { platform, arch }: { readonly platform: string; readonly arch: string } = process,
): string | null {
  if (!isExpert(choice)) return null;
  const { name, where, has } = EXPERTS[choice];
  return has(platform, arch) ? null : `${name} computes on ${where} only`;
}
