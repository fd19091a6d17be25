import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../../src/engine/engine';
import {
  chooseWeights,
  mostParallel,
  planMemory,
  requireMemory,
  requireRequestMemory,
  USUAL_WORKLOAD,
  workloadOf,
} from '../../../../src/engine/onnx/memory';
import type { ModelSpec } from '../../../../src/engine/onnx/model-spec';

/** The published 7B. */
const SEVEN: ModelSpec = {
  text: {
    hidden: 3584,
    layers: 28,
    heads: 28,
    kvHeads: 4,
    headDim: 128,
    intermediate: 18944,
    vocab: 152064,
    rmsEps: 1e-6,
    ropeTheta: 1e6,
    mropeSection: [16, 24, 24],
    tied: false,
    maxPositions: 128000,
  },
  vision: {
    depth: 32,
    hidden: 1280,
    heads: 16,
    headDim: 80,
    intermediate: 3420,
    patch: 14,
    temporalPatch: 2,
    merge: 2,
    window: 112,
    fullAttentionBlocks: [7, 15, 23, 31],
    outHidden: 3584,
    inChannels: 3,
    rmsEps: 1e-6,
    ropeTheta: 10000,
  },
  tokens: {
    imagePad: 151655,
    videoPad: 151656,
    visionStart: 151652,
    visionEnd: 151653,
    eos: [151645],
    bos: null,
    pad: null,
  },
  images: {
    factor: 28,
    minPixels: 3136,
    maxPixels: 12845056,
    mean: [0, 0, 0],
    std: [1, 1, 1],
    rescale: 1 / 255,
  },
};
const TWO_IMAGES = { tokens: 2000, images: 2, imagePixels: 351232 };

describe('planMemory', () => {
  it('reckons 7.07 billion text weights and 0.68 billion vision weights of a 7B', () => {
    const { weights } = planMemory(SEVEN, 'fp32', TWO_IMAGES);
    // 28 x 233.06 M and a head of 545 M, the q, k, v weights of 0.46 B a second time; the tower in full.
    expect(weights / 4e9).toBeCloseTo(6.526 + 0.545 + 0.462 + 0.676, 2);
    const int8 = planMemory(SEVEN, 'int8', TWO_IMAGES).weights;
    expect(int8).toBeCloseTo((6.526e9 + 0.545e9 + 0.462e9) * 1.125 + 0.676e9 * 4, -7.5);
  });

  it('reckons a float16 matrix once and int4 with its outer layers and its head in int8', () => {
    const of = (weights: 'fp16' | 'int4') => planMemory(SEVEN, weights, TWO_IMAGES).weights - 0.676e9 * 4;
    expect(of('fp16')).toBeCloseTo((6.526e9 + 0.545e9) * 2, -7.5);
    const [inner, outer] = [26 / 28, 2 / 28];
    expect(of('int4')).toBeCloseTo(
      (6.526e9 + 0.462e9) * (inner * 0.625 + outer * 1.125) + 0.545e9 * 1.125,
      -7.5,
    );
  });

  it('fits a 7B in int8 with two images into 20 GB', () => {
    expect(planMemory(SEVEN, 'int8', TWO_IMAGES).total).toBeLessThan(20e9);
  });

  it('grows with the conversation, up to the context of the model, and with the image, however large', () => {
    const small = planMemory(SEVEN, 'int8', TWO_IMAGES);
    const long = planMemory(SEVEN, 'int8', { ...TWO_IMAGES, tokens: 4000 });
    const large = planMemory(SEVEN, 'int8', { ...TWO_IMAGES, imagePixels: 702464 });
    // 114,688 bytes of keys and values a token.
    expect(long.conversations - small.conversations).toBeGreaterThan(2000 * 114_688);
    expect(large.image).toBeGreaterThan(2 * small.image);
    const most = planMemory(SEVEN, 'int8', { tokens: 128000, images: 2, imagePixels: 12845056 });
    expect(planMemory(SEVEN, 'int8', { tokens: 1e9, images: 2, imagePixels: 12845056 })).toEqual(most);
    expect(
      planMemory(SEVEN, 'int8', { tokens: 1e9, images: 2, imagePixels: 2 * 12845056 }).image,
    ).toBeGreaterThan(2 * most.image);
  });
});

describe('planMemory of a graphics card', () => {
  const onCard = { ...TWO_IMAGES, provider: 'webgpu' } as const;
  const plan = planMemory(SEVEN, 'int8', TWO_IMAGES);

  it('reckons float16 weights as float32, and others as they are', () => {
    const of = (weights: 'fp32' | 'fp16' | 'int8') => planMemory(SEVEN, weights, onCard).weights;
    expect(of('fp16')).toBe(of('fp32'));
    expect(of('int8')).toBe(plan.weights);
  });

  it('reckons keys and values twice: the card has them, and the host', () => {
    const { conversations } = planMemory(SEVEN, 'int8', onCard);
    // 28,672 floats of a token, 2000 tokens.
    expect(conversations - plan.conversations).toBe(2000 * 28_672 * 4);
  });

  it('reckons scores up to their bound', () => {
    const image = planMemory(SEVEN, 'int8', onCard).image;
    expect(plan.image - image).toBe(4 * 16 * 1792 ** 2 - 2 ** 27);
    const large = (provider: 'cpu' | 'webgpu') =>
      planMemory(SEVEN, 'int8', { ...TWO_IMAGES, imagePixels: 12845056, provider }).image;
    expect(large('cpu')).toBeGreaterThan(50 * large('webgpu'));
    const prompt = (tokens: number) => planMemory(SEVEN, 'int8', { ...onCard, tokens }).prompt;
    expect(prompt(100_000)).toBe(prompt(50_000));
  });

  it('is what a request to a model that is open there takes', () => {
    const request = { tokens: 8000, images: 0, imagePixels: 0 };
    const one = { slots: 1, tokens: 0 };
    expect(() => requireRequestMemory(SEVEN, request, one, 2e9)).not.toThrow();
    expect(() => requireRequestMemory(SEVEN, { ...request, provider: 'webgpu' }, one, 2e9)).toThrow(
      /are free/,
    );
  });
});

describe('workloadOf', () => {
  const processor = (maxPixels: number): ModelSpec => ({ ...SEVEN, images: { ...SEVEN.images, maxPixels } });

  it("has images of the usual size, within what the model's processor allows", () => {
    expect(workloadOf(SEVEN)).toEqual(USUAL_WORKLOAD);
    expect(workloadOf(processor(50176)).imagePixels).toBe(50176);
  });

  it("takes the run's own limit, though the processor allows less", () => {
    expect(workloadOf(processor(50176), { maxPixels: 702464 }).imagePixels).toBe(702464);
  });

  it('is shorter with fewer images than usual', () => {
    expect(workloadOf(SEVEN, { maxImages: 2 })).toEqual({
      tokens: 1024 + 2 * 448,
      images: 2,
      imagePixels: 351232,
    });
    expect(workloadOf(SEVEN, { maxImages: 45 })).toEqual(USUAL_WORKLOAD);
  });
});

const refusal = (act: () => void): EngineError => {
  try {
    act();
  } catch (error) {
    if (error instanceof EngineError) return error;
  }
  throw new Error('expected a refusal');
};

describe('requireMemory', () => {
  it('lets pass what fits', () => {
    expect(() => requireMemory(SEVEN, 'int8', 20e9, TWO_IMAGES)).not.toThrow();
  });

  it('refuses what does not, with what it needs, what is free, and what to do', () => {
    const fp32 = refusal(() => requireMemory(SEVEN, 'fp32', 20e9, TWO_IMAGES));
    expect(fp32.kind).toBe('no-space');
    expect(fp32.message).toMatch(
      /needs about 3\d\.\d GB of memory \(fp32 weights 32\.8 GB.*but 20\.0 GB are free/,
    );
    expect(fp32.message).toMatch(/Use fp16 weights \(1\d\.\d GB in all\)/);
    const fp16 = refusal(() => requireMemory(SEVEN, 'fp16', 14e9, TWO_IMAGES));
    expect(fp16.message).toMatch(/Use int8 weights \(1\d\.\d GB in all\)/);
    const less = refusal(() => requireMemory(SEVEN, 'int8', 10e9, TWO_IMAGES));
    expect(less.message).toMatch(/Use int4 weights \(\d\.\d GB in all\)/);
    const int8 = refusal(() => requireMemory(SEVEN, 'int8', 6e9, TWO_IMAGES));
    expect(int8.message).not.toMatch(/Use .* weights/);
    const images = refusal(() =>
      requireMemory(SEVEN, 'int8', 20e9, { tokens: 2000, images: 1, imagePixels: 12845056 }),
    );
    const pixels = Number(/Limit images to (\d+) pixels/.exec(images.message)?.[1]);
    expect(pixels % 784).toBe(0);
    const limited = (imagePixels: number) => () =>
      requireMemory(SEVEN, 'int8', 20e9, { tokens: 2000, images: 1, imagePixels });
    expect(limited(pixels)).not.toThrow();
    expect(limited(pixels + 784)).toThrow(/Limit images/);
    expect(int8.message).not.toContain('Limit images');
  });
});

describe('a conversation that is too long', () => {
  it('is told how many images would fit', () => {
    const long = { tokens: 1024 + 40 * 448, images: 40, imagePixels: 351232 };
    const { total } = planMemory(SEVEN, 'int8', { ...long, images: 20, tokens: 1024 + 20 * 448 });
    const message = refusal(() => requireMemory(SEVEN, 'int8', total, long)).message;
    expect(message).toContain('Use at most 20 images');
    expect(message).toContain('Use int4 weights');
  });
});

describe('requireRequestMemory', () => {
  const request = { tokens: 6000, images: 12, imagePixels: 351232 };
  const full = { slots: 1, tokens: 8192 };

  it('asks nothing but working memory of a conversation that has its place in the cache', () => {
    expect(() => requireRequestMemory(SEVEN, { ...request, imagePixels: 0 }, full, 1e9)).not.toThrow();
  });

  it('refuses one whose cache or image does not fit, with what would', () => {
    const grow = refusal(() =>
      requireRequestMemory(SEVEN, { ...request, imagePixels: 0 }, { slots: 1, tokens: 0 }, 1e9),
    );
    expect(grow).toMatchObject({ kind: 'no-space' });
    expect(grow.message).toMatch(
      /6000 tokens and 12 images needs about \d\.\d GB more memory, but 1\.0 GB are free/,
    );
    const image = refusal(() =>
      requireRequestMemory(SEVEN, { ...request, imagePixels: 12845056 }, full, 5e9),
    );
    const pixels = Number(/Limit images to (\d+) pixels/.exec(image.message)?.[1]);
    expect(() => requireRequestMemory(SEVEN, { ...request, imagePixels: pixels }, full, 5e9)).not.toThrow();
  });

  it('counts the place of every conversation that is held', () => {
    const one = { slots: 1, tokens: 0 };
    const text = { ...request, imagePixels: 0 };
    expect(() => requireRequestMemory(SEVEN, text, one, 2e9)).not.toThrow();
    expect(() => requireRequestMemory(SEVEN, text, { ...one, slots: 4 }, 2e9)).toThrow(/are free/);
  });
});

describe('several conversations', () => {
  const eight = { ...TWO_IMAGES, parallel: 8 };

  it('take as much as one, each, and share the rest', () => {
    const [one, all] = [planMemory(SEVEN, 'int8', TWO_IMAGES), planMemory(SEVEN, 'int8', eight)];
    expect(all.conversations).toBe(8 * one.conversations);
    expect(all.total - all.conversations).toBe(one.total - one.conversations);
  });

  it('are as many as fit, and a refusal says how many those are', () => {
    const most = mostParallel(SEVEN, 'int8', 15e9, { ...TWO_IMAGES, parallel: 1000 });
    const limited = (parallel: number) => () =>
      requireMemory(SEVEN, 'int8', 15e9, { ...TWO_IMAGES, parallel });
    expect(limited(most)).not.toThrow();
    expect(limited(most + 1)).toThrow(`Hold at most ${most} at once`);
    expect(limited(most + 1)).toThrow(`${most + 1} conversations `);
    expect(mostParallel(SEVEN, 'int8', 80e9, eight)).toBe(8);
    expect(mostParallel(SEVEN, 'int8', 8e9, eight)).toBe(0);
  });
});

describe('chooseWeights', () => {
  it('takes fp32 where there is twice the room, else int8, else refuses', () => {
    expect(chooseWeights(SEVEN, 80e9, USUAL_WORKLOAD)).toBe('fp32');
    expect(chooseWeights(SEVEN, 40e9, USUAL_WORKLOAD)).toBe('int8');
    expect(() => chooseWeights(SEVEN, 10e9, USUAL_WORKLOAD)).toThrow(/10\.0 GB are free/);
  });
});
