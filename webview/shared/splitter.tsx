import { useRef } from 'preact/hooks';

interface SplitterProps {
  readonly label: string;
  /** The width of the column beside it, in CSS pixels. */
  readonly value: number;
  readonly least: number;
  readonly most: number;
  /** 1 where moving right makes the column wider, -1 where moving left does. */
  readonly direction: 1 | -1;
  readonly onChange: (value: number) => void;
}

const STEP = 16;

/** The edge of a column, moved by dragging or with the arrow keys. */
export function Splitter({ label, value, least, most, direction, onChange }: SplitterProps) {
  const drag = useRef<{ readonly x: number; readonly value: number } | null>(null);
  const change = (next: number) => onChange(Math.round(Math.min(Math.max(next, least), most)));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that moves is no <hr>.
    <div
      class="splitter"
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={value}
      aria-valuemin={least}
      aria-valuemax={most}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { x: event.clientX, value };
      }}
      onPointerMove={(event) => {
        if (drag.current) change(drag.current.value + direction * (event.clientX - drag.current.x));
      }}
      onLostPointerCapture={() => {
        drag.current = null;
      }}
      onKeyDown={(event) => {
        const by = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        change(value + direction * by);
      }}
    />
  );
}
