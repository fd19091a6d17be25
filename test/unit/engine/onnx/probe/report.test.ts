import { describe, expect, test } from 'vitest';
import { difference } from '../../../../../src/engine/onnx/probe/probe';
import { chooseComputing, type ProbeReport } from '../../../../../src/engine/onnx/probe/report';

const right: ProbeReport = {
  missing: null,
  milliseconds: { cpu: 100, card: 10 },
  products: null,
  fused: null,
  decomposed: null,
  checks: [],
};
/** What onnxruntime begins a failure with. */
const PLACE =
  '/onnxruntime_src/onnxruntime/core/providers/webgpu/webgpu_context.cc:136 onnxruntime::webgpu::WebGpuContext::Initialize(const onnxruntime::webgpu::WebGpuContextConfig&)::<lambda()>';
const where = ({ provider, attention }: ReturnType<typeof chooseComputing>) => `${provider} ${attention}`;

describe('what computes', () => {
  test.each<[string, Partial<ProbeReport>, string, string]>([
    ['all is right', {}, 'webgpu fused', 'as the processor does'],
    ['fused attention is wrong', { fused: 'attention is off' }, 'webgpu decomposed', 'attention is off'],
    ['all attention is wrong', { fused: 'off', decomposed: 'this too' }, 'cpu shared-cache', 'this too'],
    ['products are wrong', { products: '8-bit ones' }, 'cpu shared-cache', '8-bit ones'],
    [
      'WebGPU does not start',
      { missing: 'no device' },
      'cpu shared-cache',
      'WebGPU cannot be used: no device',
    ],
    [
      'the card is slower',
      { milliseconds: { cpu: 10, card: 900 } },
      'cpu shared-cache',
      '900 ms against 10 ms',
    ],
  ])('auto, %s', (_, found, expected, why) => {
    const chosen = chooseComputing('auto', { ...right, ...found });
    expect(where(chosen)).toBe(expected);
    expect(chosen.why).toContain(why);
  });

  test('a card that was asked for may be slow, but not wrong', () => {
    const slow = { ...right, milliseconds: { cpu: 10, card: 900 } };
    expect(where(chooseComputing('webgpu', slow))).toBe('webgpu fused');
    expect(where(chooseComputing('webgpu', { ...slow, fused: 'off', decomposed: 'off' }))).toBe(
      'cpu shared-cache',
    );
  });

  test('several conversations at once are for decomposed attention, right or wrong', () => {
    expect(where(chooseComputing('auto', right, true))).toBe('webgpu decomposed');
    const wrong = chooseComputing('auto', { ...right, decomposed: 'the second of several is off' }, true);
    expect([where(wrong), wrong.why]).toEqual(['cpu shared-cache', expect.stringContaining('the second')]);
  });

  test('a way to the card that was asked for is judged alike, and named', () => {
    expect(where(chooseComputing('cuda', right))).toBe('cuda fused');
    expect(where(chooseComputing('dml', { ...right, fused: 'off' }))).toBe('dml decomposed');
    const lacks = chooseComputing('coreml', { ...right, products: 'no kernel' });
    expect([where(lacks), lacks.why]).toEqual(['cpu shared-cache', expect.stringContaining('no kernel')]);
    const missing = 'some-library.so is not in /some/folder';
    expect(chooseComputing('cuda', { ...right, missing }).why).toBe(`CUDA cannot be used: ${missing}`);
  });

  test('where there is no graphics card that is said, and nothing of a model', () => {
    const missing = `${PLACE} adapter_result.status == wgpu::RequestAdapterStatus::Success was false. Failed to get a WebGPU adapter: No supported adapters\n`;
    const why = (platform: string) => chooseComputing('auto', { ...right, missing }, false, platform).why;
    expect(why('win32')).toBe('no graphics card was found');
    expect(why('linux')).toBe(
      "no graphics card was found (on Linux that takes Vulkan: libvulkan.so.1 and the card's driver)",
    );
  });

  test('what onnxruntime says is cut to what happened', () => {
    const missing = `${PLACE} device_result.status == wgpu::RequestDeviceStatus::Success was false. Failed to get a WebGPU device: lost\n`;
    expect(chooseComputing('auto', { ...right, missing }).why).toBe(
      'WebGPU cannot be used: Failed to get a WebGPU device: lost',
    );
  });
});

describe('how far results are apart', () => {
  const of = (...values: number[]) => Float32Array.from(values);

  test('is a share of the largest number', () => {
    expect(difference(of(1, -4), of(1, -5))).toBeCloseTo(0.2);
    expect(difference(of(1, 2), of(1, 2))).toBe(0);
  });

  test('is never small where there is no number, or nothing', () => {
    for (const found of [of(Number.NaN, 2), of(Number.POSITIVE_INFINITY, 2), of(), of(1)]) {
      expect(difference(found, of(1, 2)) <= 1).toBe(false);
    }
    expect(difference(undefined, of(1)) <= 1).toBe(false);
  });
});
