import { useRef } from 'preact/hooks';

interface SplitterProps {
  readonly label: string;
  /** Whether it is moved up and down; else from side to side. */
  readonly horizontal?: boolean;
  /** The width of the column beside it, or the height of what is above or below it, in CSS pixels. */
  readonly value: number;
  readonly least: number;
  readonly most: number;
  /** 1 where moving right or down makes that larger, -1 where moving left or up does. */
  readonly direction: 1 | -1;
  readonly onChange: (value: number) => void;
}

const STEP = 16;

/** The edge of a column or a row, moved by dragging or with the arrow keys. */
export function Splitter({
  label,
  horizontal = false,
  value,
  least,
  most,
  direction,
  onChange,
}: SplitterProps) {
  const drag = useRef<{ readonly at: number; readonly value: number } | null>(null);
  const change = (next: number) => onChange(Math.round(Math.min(Math.max(next, least), most)));
  const placeOf = (event: PointerEvent) => (horizontal ? event.clientY : event.clientX);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that moves is no <hr>.
    <div
      class={`splitter ${horizontal ? 'horizontal' : ''}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={horizontal ? 'horizontal' : 'vertical'}
      aria-valuenow={value}
      aria-valuemin={least}
      aria-valuemax={most}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { at: placeOf(event), value };
      }}
      onPointerMove={(event) => {
        const { current } = drag;
        if (current) change(current.value + direction * (placeOf(event) - current.at));
      }}
      onLostPointerCapture={() => {
        drag.current = null;
      }}
      onKeyDown={(event) => {
        const keys = horizontal
          ? { ArrowUp: -STEP, ArrowDown: STEP }
          : { ArrowLeft: -STEP, ArrowRight: STEP };
        const by = new Map(Object.entries(keys)).get(event.key);
        if (by === undefined) return;
        event.preventDefault();
        change(value + direction * by);
      }}
    />
  );
}
