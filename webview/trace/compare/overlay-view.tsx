import { t } from '@vscode/l10n';
import { useMemo } from 'preact/hooks';
import type { LineageImage } from '../../../src/trace/lineage';
import { countShapes } from '../model/counts';
import { outlineOf } from '../model/geometry';
import { formatCount } from '../model/numbers';
import { type Overlay, overlayOf } from '../model/overlay';
import type { Shape } from '../model/shapes';
import type { TraceDocument } from '../model/trace-document';
import type { Viewport } from '../model/viewport';
import { viewportOf } from '../model/zoom';
import { useSelect } from '../store';
import { StrokeSample } from './stroke-sample';
import { type Stroke, strokeOf } from './strokes';
import type { Column } from './use-compared';

interface OverlayProps {
  readonly document: TraceDocument;
  readonly image: LineageImage;
  readonly columns: readonly Column[];
}

/** Over the picture on the stage what the other traces have drawn on it by this turn, and which is which. */
export function OverlayView({ document, image, columns }: OverlayProps) {
  const choice = useSelect((state) => state.choice);
  const layers = useMemo(
    () =>
      columns.map((column) => {
        const other = column.compared?.document ?? null;
        const overlay = column.shown || other === null ? null : overlayOf(document, image, choice, other);
        return { column, stroke: strokeOf(columns, column), overlay };
      }),
    [document, image, choice, columns],
  );
  return (
    <>
      <Shapes layers={layers} />
      <ul class="overlay-legend" aria-label={t('Whose drawings these are')} data-testid="overlay-legend">
        {layers.map(({ column, stroke, overlay }) => (
          <li key={column.index}>
            <StrokeSample stroke={stroke} />
            <span>
              {t('Answer {0}', column.answer)}
              {column.shown ? ` · ${t('this one')}` : column.compared !== null && ` · ${describe(overlay)}`}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function describe(overlay: Overlay): string {
  if (overlay === null) return t('of another picture');
  const { shapes, leftOut } = overlay;
  if (leftOut === 0) return countShapes(shapes.length);
  return t('{0} of {1}', formatCount(shapes.length), countShapes(shapes.length + leftOut));
}

interface Layer {
  readonly column: Column;
  readonly stroke: Stroke;
  readonly overlay: Overlay;
}

/** It follows the stage as that is moved and zoomed. */
function Shapes({ layers }: { readonly layers: readonly Layer[] }) {
  const zoom = useSelect((state) => state.zoom);
  const stage = useSelect((state) => state.stage);
  const viewport = useMemo(() => viewportOf({ zoom, stage }), [zoom, stage]);
  return (
    <svg class="overlay" aria-hidden="true" data-testid="overlay">
      {layers.map(({ column, stroke, overlay }, nth) => (
        <g key={column.index} class={stroke} data-answer={column.answer}>
          {overlay?.shapes.map((shape) => (
            <Mark key={shape.id} shape={shape} name={String(column.answer)} nth={nth} viewport={viewport} />
          ))}
        </g>
      ))}
    </svg>
  );
}

/** Room for the number of an answer, in CSS pixels. */
const TAG_ROOM = 16;

interface MarkProps {
  readonly shape: Shape;
  /** The number of the answer, which stands at the shape. */
  readonly name: string;
  /** The place of the trace among those that are compared: where shapes lie on one another, their numbers do not. */
  readonly nth: number;
  readonly viewport: Viewport;
}

function Mark({ shape, name, nth, viewport: { scale, x, y } }: MarkProps) {
  const aside = nth * TAG_ROOM;
  const outline = outlineOf(shape.drawing);
  if (outline === null) return null;
  const at = (left: number, top: number) => [left * scale + x, top * scale + y] as const;
  if (outline.kind === 'line') {
    const [[x1, y1], [x2, y2]] = [at(...outline.from), at(...outline.to)];
    const path = `M${x1} ${y1}L${x2} ${y2}`;
    return (
      <g>
        <path class="halo" d={path} />
        <path class="ink" d={path} />
        <circle class="end" cx={x2} cy={y2} r="3.5" />
        <Tag x={(x1 + x2) / 2 + aside} y={(y1 + y2) / 2} name={name} />
      </g>
    );
  }
  const [left, top] = at(outline.left, outline.top);
  const [right, bottom] = at(outline.right, outline.bottom);
  const place = { x: left, y: top, width: right - left, height: bottom - top };
  return (
    <g>
      <rect class="halo" {...place} />
      <rect class="ink" {...place} />
      <Tag x={right - aside} y={bottom} name={name} />
    </g>
  );
}

function Tag({ x, y, name }: { readonly x: number; readonly y: number; readonly name: string }) {
  return (
    <g class="overlay-tag" transform={`translate(${x} ${y})`}>
      <rect x="-7" y="-8" width="14" height="16" rx="3" />
      <text y="4">{name}</text>
    </g>
  );
}
