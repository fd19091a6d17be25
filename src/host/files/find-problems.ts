import { refKey, type TraceRef } from '../../dataset/overlay/edit-event';
import type { ItemFinding } from '../../dataset/source/data-source';
import type { DataDocument } from './data-document';
import type { FoundItem } from './found-item';

/** Something that was found of a trace of a data file. */
export interface Problem extends Pick<ItemFinding, 'code' | 'severity' | 'message'> {
  /** Absolute path of the file that the trace stands in, and the 1-based line in which it begins. */
  readonly file: string;
  readonly line: number;
  /** Number of the item, from 0. */
  readonly item: number;
  /** The id of the trace, or that of the item where it is none. */
  readonly name: string;
  /** Counted from 0; null where no turn is meant. */
  readonly turn: number | null;
}

/** What a look at a data file came to. */
export interface Found {
  readonly problems: readonly Problem[];
  /** Whether there may be more than these. */
  readonly more: boolean;
  /** Whether it is known where all traces stand that were to be looked at. */
  readonly allPlaced: boolean;
}

/** What was found of a trace, and how it and the file were then. */
interface Looked {
  readonly state: string;
  readonly found: FoundItem;
}

/** So many edited traces are looked at, and so many problems said, at most. */
export interface Bounds {
  readonly items: number;
  readonly problems: number;
}
/** With a line that says that there are more the problems are as many as VS Code shows of a file. */
export const BOUNDS: Bounds = { items: 1000, problems: 999 };

/** Finds what is wrong with the traces of a data file that are shown, and with those that have edits, in whichever window they were made. */
export class ProblemFinder {
  /** Edited traces that were looked at, by name. */
  private known: ReadonlyMap<string, Looked> = new Map();

  constructor(
    private readonly document: Pick<DataDocument, 'found' | 'touchedRefs' | 'generation' | 'looks'>,
    /** Where a trace stands, or stood; undefined where that is not known. */
    private readonly placeOf: (ref: TraceRef) => number | undefined,
    private readonly most = BOUNDS,
  ) {}

  /** What is found of the items that are `shown`, then of traces with edits, the last ones first, as long as there is room. */
  async find(shown: readonly number[]): Promise<Found> {
    const looked = new Map<number, FoundItem>();
    for (const item of shown) {
      const found = await this.look(item);
      if (found !== null) looked.set(item, found);
    }
    const edited = this.document.touchedRefs().filter(({ hasEdits }) => hasEdits);
    const known = new Map<string, Looked>();
    let allPlaced = true;
    for (const { ref, last } of edited.reverse().slice(0, this.most.items)) {
      const [key, item] = [refKey(ref), this.placeOf(ref)];
      const one = item === undefined ? null : await this.lookAtEdited(key, item, last);
      if (item === undefined || one === null) {
        allPlaced = false;
        continue;
      }
      known.set(key, one);
      if (one.found.edited && !looked.has(item)) looked.set(item, one.found);
    }
    this.known = known;
    const problems = [...looked].flatMap(([item, found]) => problemsOf(item, found));
    return {
      problems: problems.slice(0, this.most.problems).sort((a, b) => a.item - b.item),
      more: problems.length > this.most.problems || edited.length > this.most.items,
      allPlaced,
    };
  }

  /** What is found of the trace of that name; null if it does not stand there any more. */
  private async lookAtEdited(key: string, item: number, last: string): Promise<Looked | null> {
    const { generation, looks } = this.document;
    const state = `${generation} ${looks} ${item} ${last}`;
    const known = this.known.get(key);
    // Whether an image is there now, no state tells.
    if (known?.state === state && !known.found.findings.some(({ code }) => MISSING.has(code))) return known;
    const found = await this.look(item);
    return found?.ref && refKey(found.ref) === key ? { state, found } : null;
  }

  /** Null also for what cannot be read: that is said where it is shown. */
  private look(item: number): Promise<FoundItem | null> {
    return this.document.found(item).catch(() => null);
  }
}

const MISSING: ReadonlySet<string> = new Set(['missing-image', 'refused-image']);

function problemsOf(item: number, { file, line, id, findings }: FoundItem): Problem[] {
  const place = { file, line, item, name: id ?? `#${item + 1}` };
  return findings.map(({ code, severity, message, turn = null }) => ({
    ...{ code, severity, message, turn },
    ...place,
  }));
}
