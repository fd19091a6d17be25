import { describe, expect, it } from 'vitest';
import { EXPERT_PROVIDERS, PROVIDER_CHOICES } from '../../../src/engine/engine';
import { whyNotHere } from '../../../src/engine/expert-providers';

describe('a way to a graphics card for experts', () => {
  const there = (platform: string, arch: string) =>
    EXPERT_PROVIDERS.filter((expert) => whyNotHere(expert, { platform, arch }) === null);

  it('is there where onnxruntime-node has it', () => {
    expect(there('linux', 'x64')).toEqual(['cuda']);
    expect(there('linux', 'arm64')).toEqual([]);
    expect(there('win32', 'arm64')).toEqual(['dml']);
    expect(there('darwin', 'arm64')).toEqual(['coreml']);
  });

  it('says elsewhere where it is', () =>
    expect(whyNotHere('dml', { platform: 'linux', arch: 'x64' })).toBe('DirectML computes on Windows only'));

  it('is something else than what every system has', () => {
    const common = PROVIDER_CHOICES.filter(
      (one) => whyNotHere(one, { platform: 'aix', arch: 'ppc' }) === null,
    );
    expect(common).toEqual(['auto', 'cpu', 'webgpu']);
  });
});
