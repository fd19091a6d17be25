import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AppState } from '../../../webview/trace/model/state';
import { SCALES, toFileSpace, toModel, wheelFactor } from '../../../webview/trace/model/viewport';
import { panBy, viewportOf, zoomAt, zoomTo } from '../../../webview/trace/model/zoom';

type Staged = Pick<AppState, 'stage' | 'zoom'>;

const staged: Staged = {
  stage: {
    size: { width: 648, height: 448 },
    image: { left: 0, top: 0, right: 100, bottom: 100 },
    all: { left: -100, top: 0, right: 100, bottom: 100 },
  },
  zoom: null,
};

describe('the zoom of the stage', () => {
  it('shows the whole image in its middle until it is changed', () => {
    expect(viewportOf(staged)).toEqual({ scale: 4, x: 124, y: 24 });
  });

  it('shows one CSS pixel for one of model space, and all that is drawn, when asked', () => {
    expect(zoomTo(staged, 'actual')).toEqual({ scale: 1, centre: [50, 50] });
    expect(zoomTo(staged, 'all')).toEqual({ scale: 3, centre: [0, 50] });
    expect(zoomTo({ ...staged, zoom: { scale: 9, centre: [1, 1] } }, 'fit')).toBe(null);
  });

  it('keeps its place in the image when the stage gets another size', () => {
    const zoom = zoomTo(staged, 'actual');
    const wider = { ...staged.stage, size: { width: 1000, height: 448 } };
    const { scale, x } = viewportOf({ stage: wider, zoom });
    expect([scale, x]).toEqual([1, 450]);
  });

  it('loses nothing of many small moves', () => {
    let state: Staged = { ...staged, zoom: { scale: 1, centre: [50, 50] } };
    for (let i = 0; i < 30; i++) state = { ...state, zoom: panBy(state, [0.4, -0.1]) };
    expect(state.zoom?.centre[0]).toBeCloseTo(50 - 12, 9);
    expect(state.zoom?.centre[1]).toBeCloseTo(50 + 3, 9);
  });

  it('keeps what is under the pointer in its place, within its bounds', () => {
    const at = fc.tuple(fc.integer({ min: 150, max: 500 }), fc.integer({ min: 50, max: 400 }));
    fc.assert(
      fc.property(at, fc.double({ min: 0.5, max: 2, noNaN: true }), (at, factor) => {
        const before = toModel(viewportOf(staged), at);
        const zoom = zoomAt(staged, factor, at);
        const after = toModel(viewportOf({ ...staged, zoom }), at);
        expect(Math.abs(after[0] - before[0]) * zoom.scale).toBeLessThanOrEqual(1);
        expect(Math.abs(after[1] - before[1]) * zoom.scale).toBeLessThanOrEqual(1);
      }),
      { seed: 3 },
    );
    expect(zoomAt(staged, 1e9, [10, 10]).scale).toBe(SCALES.most);
    expect(zoomAt(staged, 1e-9, [10, 10]).scale).toBe(SCALES.least);
  });

  it('leaves some of what there is in sight, however far it is moved', () => {
    const zoom = panBy(staged, [1e6, -1e6]);
    const { x, y, scale } = viewportOf({ ...staged, zoom });
    expect(x - 100 * scale).toBeLessThan(648);
    expect(y + 100 * scale).toBeGreaterThan(0);
  });

  it('turns with the wheel, and not too far at once', () => {
    expect(wheelFactor(0)).toBe(1);
    expect(wheelFactor(-60)).toBeCloseTo(1.25, 9);
    expect(wheelFactor(60) * wheelFactor(-60)).toBeCloseTo(1, 9);
    expect(wheelFactor(1e6)).toBe(wheelFactor(90));
  });
});

describe('a point of model space', () => {
  it('is found on the file, whose sides need not have the same ratio', () => {
    expect(toFileSpace([50, 50], { width: 100, height: 80 }, { width: 1000, height: 400 })).toEqual([
      500, 250,
    ]);
  });
});
