import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { Point, Size } from '../../../src/trace/geometry';
import type { LineageImage } from '../../../src/trace/lineage';
import { findingsOf } from '../model/findings';
import { heldAlone } from '../model/state';
import { drawingOf, type TraceDocument, wasSeen } from '../model/trace-document';
import { toModel } from '../model/viewport';
import { describePosition } from '../model/words';
import { viewportOf } from '../model/zoom';
import { useSelect, useStore } from '../store';
import { showsSeen, stageShapes } from './scene';
import { ShapeCanvas } from './shape-canvas';
import { StageNotices } from './stage-notices';
import { type ImageState, useImage } from './use-image';

interface StageViewProps {
  readonly document: TraceDocument;
  readonly image: LineageImage;
  /** What lies over it. */
  readonly children?: ComponentChildren;
}

/** The chosen image with what lies on it, where the pointer is, and what cannot be shown. */
export function StageView({ document, image, children }: StageViewProps) {
  const store = useStore();
  const { dispatch } = store;
  const chosen = useSelect((state) => state.options);
  const comparing = useSelect(({ compare }) => compare.open);
  const options = useMemo(() => (comparing ? { ...chosen, ghosts: false } : chosen), [chosen, comparing]);
  const seen = showsSeen(document, image, options);
  const loaded = useImage(document, image, seen ? 'seen' : 'base');
  const { width, height } = sizeOf(document, image, loaded);
  const size = useMemo(() => ({ width, height }), [width, height]);
  const shown = wasSeen(document, image);
  // A document that grows keeps its images, and only the newest may yet come to be seen.
  const shapes = useMemo(
    () => stageShapes(document, image, size, options),
    [document.ids, image, shown, size, options],
  );
  useLayoutEffect(() => {
    const whole = { left: 0, top: 0, right: size.width, bottom: size.height };
    dispatch({ type: 'stage', stage: { image: whole, all: shapes.bounds } });
  }, [size, shapes.bounds]);

  const heldShape = useSelect(heldAlone);
  const held = useMemo(() => {
    const drawing = heldShape && drawingOf(document, heldShape);
    return drawing ? { label: drawing.label, findings: findingsOf(document, heldShape) } : null;
  }, [document, heldShape]);

  const readout = useRef<HTMLDivElement>(null);
  const showPosition = (at: Point | null) => {
    if (!readout.current) return;
    const point = at && toModel(viewportOf(store.state), at);
    readout.current.textContent = point ? describePosition(point, size, loaded.image?.file ?? null) : '';
  };
  return (
    <div class="stage-frame">
      <ShapeCanvas
        image={image}
        shapes={shapes}
        size={size}
        loaded={loaded}
        seen={seen}
        onPoint={showPosition}
      />
      {children}
      <StageNotices
        shapes={shapes}
        held={held}
        failure={loaded.failure}
        unseen={options.pixels === 'seen' && !seen}
      />
      <div class="position" ref={readout} data-testid="position" />
    </div>
  );
}

/** An image that is not there, or not yet, may have been measured when the trace was made. */
function sizeOf(document: TraceDocument, image: LineageImage, loaded: ImageState): Size {
  const { model, file } = document.trace.images[image.root - 1] ?? {};
  return loaded.image ?? model ?? file ?? { width: 448, height: 448 };
}
