import { type EditEvent, refKey, type TraceRef } from './edit-event';
import type { OverlayFinding } from './overlay-finding';
import { type OverlayEvent, readEvent } from './read-event';
import { Verdicts } from './verdicts';

/** All events of an overlay file: edits by the trace that they edit, and verdicts. Grows as lines are added. */
export class Overlay {
  readonly verdicts = new Verdicts();
  private readonly known = new Map<string, OverlayEvent>();
  private readonly byTrace = new Map<string, EditEvent[]>();
  private readonly found: OverlayFinding[] = [];
  private lineCount = 0;

  /** What is wrong with its lines; how events fit their traces is seen when they are replayed. */
  get findings(): readonly OverlayFinding[] {
    return this.found;
  }

  /** How many lines were added, the empty ones too. */
  get lines(): number {
    return this.lineCount;
  }

  /** How many events it holds, each once. */
  get size(): number {
    return this.known.size;
  }

  /** The next line of the file, without its line feed. Gives the event, unless it is none or has been seen. */
  addLine(text: string): OverlayEvent | null {
    const line = ++this.lineCount;
    if (text.trim() === '') return null;
    const read = readEvent(text, line);
    if ('event' in read) return this.add(read.event, line) ? read.event : null;
    this.found.push(read.finding);
    return null;
  }

  has(id: string): boolean {
    return this.known.has(id);
  }

  /** The edits of one trace, as they stand in the file. */
  of(trace: TraceRef): readonly EditEvent[] {
    return this.byTrace.get(refKey(trace)) ?? [];
  }

  /** The traces that are edited. */
  traces(): TraceRef[] {
    return [...this.byTrace.values()].flatMap(([first]) => (first === undefined ? [] : [first.trace]));
  }

  private add(event: OverlayEvent, line: number): boolean {
    const { id } = event;
    const earlier = this.known.get(id);
    if (earlier !== undefined) {
      if (JSON.stringify(earlier) === JSON.stringify(event)) return false;
      const message = `Line ${line} says something else of event ${id} than a line before it, which counts.`;
      this.found.push({ code: 'reused-id', severity: 'error', message, line, event: id });
      return false;
    }
    this.known.set(id, event);
    if (event.type === 'edit') this.addEdit(event);
    else this.verdicts.add(event);
    return true;
  }

  private addEdit(event: EditEvent): void {
    const key = refKey(event.trace);
    const events = this.byTrace.get(key);
    if (events === undefined) this.byTrace.set(key, [event]);
    else events.push(event);
  }
}
