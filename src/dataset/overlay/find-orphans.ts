import type { EditEvent } from './edit-event';
import type { Overlay } from './overlay';
import type { OverlayFinding } from './overlay-finding';
import type { TraceCounter } from './trace-counter';

/** The events of traces that are not in the data file, of which `counter` has seen all items. */
export function findOrphans(
  overlay: Overlay,
  counter: TraceCounter,
): { readonly event: EditEvent; readonly finding: OverlayFinding }[] {
  const events = counter.missing(overlay.traces()).flatMap((trace) => overlay.of(trace));
  const message = 'Its trace is not in the data file.';
  return events.map((event) => ({
    event,
    finding: { code: 'orphan', severity: 'error', message, event: event.id },
  }));
}
