import type { Trace } from '../../trace/trace';
import type { EditEvent } from '../overlay/edit-event';
import { findOrphans } from '../overlay/find-orphans';
import type { Overlay } from '../overlay/overlay';
import { pinOf } from '../overlay/pin';
import { type Replay, replay } from '../overlay/replay';
import { TraceCounter } from '../overlay/trace-counter';
import type { VerdictEvent } from '../overlay/verdict-event';
import { standingVerdict, type TraceVerdict } from '../overlay/verdicts';
import type { ItemSource, SourceItem } from './item-source';
import { type ExportChoice, type VerdictRecord, VerdictTally, whyLeftOut } from './verdict-tally';

/** A trace that is to be written elsewhere. */
export interface EditedItem {
  readonly item: SourceItem;
  /** As it is in the source, and with its edits; the same where there are none. */
  readonly original: Trace;
  readonly trace: Trace;
  /** Whether an edit was applied, also if another one took it back. */
  readonly edited: boolean;
  /** What counts for it, and who said it; null if nobody said anything. */
  readonly verdict: TraceVerdict | null;
  /** All that was said of it and not taken back, the newest first. */
  readonly said: readonly VerdictEvent[];
}

/** An item that is not written, and why, for people. */
export interface LeftOut {
  readonly line: number;
  /** Null where the item is no trace. */
  readonly id: string | null;
  readonly reason: string;
}

/** What became of the edits. */
export interface OverlayOutcome {
  /** Edits of traces that are written. */
  readonly applied: number;
  /** Those of traces that are not in the source come last. */
  readonly notApplied: readonly { readonly event: EditEvent; readonly reason: string }[];
}

/**
 * The traces of a data file with their edits, all or those that are approved so, one after the other; what they add up to is
 * known when all have gone by.
 */
export class EditedItems implements AsyncIterable<EditedItem> {
  /** Those that were not judged are not among them, but counted. */
  readonly leftOut: LeftOut[] = [];
  private readonly notApplied: { event: EditEvent; reason: string }[] = [];
  private readonly counter = new TraceCounter();
  private readonly tally: VerdictTally;
  private applied = 0;
  private itemCount = 0;

  constructor(
    readonly source: ItemSource,
    private readonly overlay: Overlay,
    choice: ExportChoice,
  ) {
    this.tally = new VerdictTally(choice);
  }

  /** How many items have gone by. */
  get read(): number {
    return this.itemCount;
  }

  /** How many of them are not written. */
  get leftOutCount(): number {
    return this.leftOut.length + this.tally.unnamed;
  }

  get verdicts(): VerdictRecord {
    return this.tally.record;
  }

  get outcome(): OverlayOutcome {
    const orphans = findOrphans(this.overlay, this.counter);
    return {
      applied: this.applied,
      notApplied: [
        ...this.notApplied,
        ...orphans.map(({ event, finding }) => ({ event, reason: finding.message })),
      ],
    };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<EditedItem> {
    for (;;) {
      const item = await this.source.item(this.itemCount);
      if (item === null) break;
      this.itemCount++;
      const edited = this.edit(item);
      if (edited !== null) yield edited;
    }
  }

  private edit(item: SourceItem): EditedItem | null {
    const { trace: original, hash, line, findings } = item;
    const ref = this.counter.next(hash);
    if (original === null) {
      const fault = findings.find(({ severity }) => severity === 'error') ?? findings[0];
      this.leftOut.push({ line, id: null, reason: fault?.message ?? 'It is no trace.' });
      return null;
    }
    const events = this.overlay.of(ref);
    const { trace, events: replayed } = events.length === 0 ? unedited(original) : replay(original, events);
    for (const { event, reason } of replayed) if (reason !== null) this.notApplied.push({ event, reason });
    const said = this.overlay.verdicts.of(ref);
    const standing = standingVerdict(said, said.length === 0 ? hash : pinOf(hash, original, trace));
    if (!this.tally.add(standing)) {
      if (standing !== null) this.leftOut.push({ line, id: trace.id, reason: whyLeftOut(standing) });
      return null;
    }
    const applied = replayed.filter((one) => one.applied).length;
    this.applied += applied;
    return { item, original, trace, edited: applied > 0, verdict: standing, said };
  }
}

const unedited = (trace: Trace): Pick<Replay, 'trace' | 'events'> => ({ trace, events: [] });
