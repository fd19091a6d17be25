import type { Stroke } from './strokes';

/** A short line as the drawings of a trace are drawn; its name stands beside it. */
export function StrokeSample({ stroke }: { readonly stroke: Stroke }) {
  return (
    <svg class={`stroke-sample ${stroke}`} width="28" height="10" viewBox="0 0 28 10" aria-hidden="true">
      <path class="halo" d="M1 5h26" />
      <path class="ink" d="M1 5h26" />
    </svg>
  );
}
