import type { LineageImage } from '../../../src/trace/lineage';
import { outlineOf } from '../model/geometry';
import { css, type Shape, shapesOn } from '../model/shapes';
import type { TraceDocument } from '../model/trace-document';
import { useImage } from '../stage/use-image';

/** More shapes than this say nothing in so small a picture. */
const MOST = 40;

interface ThumbnailProps {
  readonly document: TraceDocument;
  readonly image: LineageImage;
}

/** An image in small: the pixels of its input, and its shapes drawn over them. */
export function Thumbnail({ document, image }: ThumbnailProps) {
  const { image: loaded, onLoadError } = useImage(document, image, 'base');
  if (loaded === null) return <div class="thumbnail" />;
  const { uri, width, height } = loaded;
  const shapes = shapesOn(document, image).filter(({ ghost }) => !ghost);
  return (
    <div class="thumbnail">
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="xMidYMid meet" aria-hidden="true">
        <image href={uri} width={width} height={height} onError={onLoadError} />
        {shapes.slice(0, MOST).map((shape) => (
          <Mark key={shape.id} shape={shape} />
        ))}
      </svg>
    </div>
  );
}

function Mark({ shape }: { readonly shape: Shape }) {
  const outline = outlineOf(shape.drawing);
  if (outline === null) return null;
  const stroke = css(shape.colour);
  if (outline.kind === 'line') {
    const { from, to } = outline;
    return <line class="mark" x1={from[0]} y1={from[1]} x2={to[0]} y2={to[1]} stroke={stroke} />;
  }
  const { left, top, right, bottom } = outline;
  return <rect class="mark" x={left} y={top} width={right - left} height={bottom - top} stroke={stroke} />;
}
