import { DataError } from '../../dataset/data-error';
import { refKey, type TraceRef } from '../../dataset/overlay/edit-event';
import { type Edit, EditSession, type Saved, type Unrestored } from '../../dataset/overlay/edit-session';
import { OverlayFile } from '../../dataset/overlay/overlay-file';
import { readBackup } from '../../dataset/overlay/read-backup';
import { type Judged, Review, type Said } from '../../dataset/overlay/review';
import type { TraceHistory } from '../../dataset/overlay/trace-history';
import type { Place } from '../../dataset/overlay/verdict-event';
import type { TraceVerdict } from '../../dataset/overlay/verdicts';
import { countPairs } from '../../dataset/report/agreement';
import type { DataFormat, DataItem, DataSource } from '../../dataset/source/data-source';
import { withEditedImages } from '../../dataset/source/edited-images';
import { type FoundImage, findImage } from '../../dataset/source/image-paths';
import type { ImageRoots } from '../../dataset/source/image-roots';
import type { Counted } from '../../dataset/source/indexed-file';
import { itemFindings } from '../../dataset/source/item-findings';
import { openDataSource } from '../../dataset/source/open-source';
import type { FileFault } from '../../dataset/source/scanner';
import type { StartIndex } from '../../dataset/source/start-index';
import type { TableOrder } from '../../dataset/table/start-table';
import { Listeners } from '../../shared/listeners';
import type { Change } from '../../trace/edit/change';
import type { Trace } from '../../trace/trace';
import type { ShownTrace } from '../../view/trace-view';
import type { AcceptedMarks } from './accepted-marks';
import type { FoundItem } from './found-item';
import { ItemPlaces } from './item-places';
import type { TouchedTrace } from './touched-trace';
import { faultAfter, toViewFindings } from './view-findings';
import { viewMarks } from './view-marks';
import { toPartVerdict, toViewVerdict } from './view-verdict';
import { type WholeItem, wholeItems } from './whole-items';
import { wholeTurns } from './whole-turns';

export interface DocumentOptions {
  /** Absolute path of the file that is read. */
  readonly path: string;
  readonly title: string;
  /** Absolute path of what the image paths in it start from. */
  readonly folder: string;
  readonly startIndex: StartIndex;
  /** Where images may be looked for besides; asked each time: folders may be opened, and trusted, meanwhile. */
  readonly roots: () => Omit<ImageRoots, 'folder'>;
  /** What a file holds of which nothing is known; null if such a file cannot be opened. */
  readonly otherwise: DataFormat | null;
  /** Who edits; null where nothing can be edited. */
  readonly who: string | null;
  readonly accepted: AcceptedMarks;
}

/** An item as a view shows it. */
export interface ShownItem extends Pick<ShownTrace, 'findings' | 'edits' | 'verdict' | 'partVerdicts'> {
  /** With its edits; null where the item is no trace. */
  readonly trace: Trace | null;
  /** What its edits are kept under; null where it cannot be edited. */
  readonly ref: TraceRef | null;
}

/** A data file that is open, with its edits; views share it. It is never written: saved edits go to the overlay beside it. */
export class DataDocument {
  /** Told when what is shown may be another: the file changed, or something was edited. */
  readonly changed = new Listeners<void>();
  readonly counted = new Listeners<Counted>();
  /** Told of each edit that is made here, so that it can be undone. */
  readonly edited = new Listeners<Edit>();
  /** Told when edits were saved that nobody asked to save, as those of a trace that was judged. */
  readonly savedAside = new Listeners<void>();
  /** How often the file was read anew. */
  generation = 0;
  /** How often it was said that images may be in reach that were not. */
  looks = 0;
  private readonly review: Review | null;
  private readonly places = new ItemPlaces();
  private reopening: Promise<void> = Promise.resolve();
  private leave = (): void => {};

  private constructor(
    private readonly options: DocumentOptions,
    private source: DataSource,
    private session: EditSession | null,
  ) {
    const { who } = options;
    this.review = session === null || who === null ? null : new Review(session, who);
    this.follow(source);
  }

  /** Throws `DataError` if the file cannot be read or is of no known format, or if its overlay cannot be read. */
  static async open(options: DocumentOptions): Promise<DataDocument> {
    const { who, path } = options;
    const overlay = who === null ? null : await OverlayFile.of(path);
    const source = await openSource(options);
    const session =
      overlay === null || who === null
        ? null
        : new EditSession({ file: overlay, who, find: (ref) => document.find(ref) });
    const document: DataDocument = new DataDocument(options, source, session);
    return document;
  }

  get path(): string {
    return this.options.path;
  }

  get format(): DataFormat {
    return this.source.format;
  }

  get folder(): string {
    return this.options.folder;
  }

  get title(): string {
    return this.options.title;
  }

  get counts(): Counted {
    return this.source.counts;
  }

  /** What keeps the file from being read to its end; null if nothing, or nothing so far. */
  get fault(): FileFault | null {
    return this.source.fault;
  }

  /** What it takes to go through all items: to make their rows, or to look for a text. */
  tableOrder(search: string | null): TableOrder {
    const { path, folder, otherwise } = this.options;
    const { roots, followLinks } = this.options.roots();
    return { path, images: { folder, roots: [...roots], followLinks }, otherwise, search };
  }

  /** The traces that have edits, saved or not, or verdicts. */
  touchedRefs(): TouchedTrace[] {
    const { session } = this;
    if (session === null) return [];
    const edited = new Map(session.editedRefs().map(({ ref, last }) => [refKey(ref), { ref, last }]));
    const judged = session.verdicts.traces();
    const refs = [...[...edited.values()].map(({ ref }) => ref), ...judged];
    const all = new Map(refs.map((ref) => [refKey(ref), ref]));
    return [...all].map(([key, ref]) => {
      const [edits, said] = [edited.get(key), session.verdicts.of(ref)];
      const last = `${edits?.last ?? ''} ${said[0]?.id ?? ''}`;
      return { ref, hasEdits: edits !== undefined, last, agreement: countPairs(said) };
    });
  }

  /** The trace at place `index` with its edits; null if they come to nothing. Throws `DataError`. */
  async editedTrace(ref: TraceRef, index: number): Promise<Trace | null> {
    this.places.put(this.source, ref, index);
    const { original, trace, changes } = await this.editable().edited(ref);
    return changes.length === 0 || isSame(trace, original) ? null : trace;
  }

  /** How many edits are not saved. */
  get unsaved(): number {
    return this.session?.unsaved.length ?? 0;
  }

  /** Item number `index` with its edits; null if there is none. Throws `DataError`. */
  async shown(index: number): Promise<ShownItem | null> {
    await this.reopening;
    const item = await this.source.item(index);
    if (item === null) return null;
    if (item.trace === null || this.session === null) {
      const findings = await this.findingsOf(item, null);
      return { trace: item.trace, findings, ref: null, edits: null, verdict: null, partVerdicts: [] };
    }
    const ref = await this.places.refOf(this.source, item);
    const { original, trace, changes } = await this.session.edited(ref);
    const verdict = toViewVerdict(await this.verdictOf(ref));
    const partVerdicts = (this.review?.partsOf(ref, trace) ?? []).map(toPartVerdict);
    const findings = await this.findingsOf(item, trace);
    if (changes.length === 0 || isSame(trace, original)) {
      return { trace, findings, ref, verdict, partVerdicts, edits: { edited: false, marks: [] } };
    }
    const isAccepted = (key: string) => this.options.accepted.has(refKey(ref), key);
    const marks = viewMarks(original, changes, trace).filter(({ key }) => !isAccepted(key));
    return { trace, findings, ref, verdict, partVerdicts, edits: { edited: true, marks } };
  }

  /** All that is found of item number `index` with its edits; null if there is none. Throws `DataError`. */
  async found(index: number): Promise<FoundItem | null> {
    await this.reopening;
    const item = await this.source.item(index);
    if (item === null) return null;
    const { file, line, trace } = item;
    const ref = trace && this.session && (await this.places.refOf(this.source, item));
    const now = ref && this.session && (await this.session.trace(ref));
    const edited = trace !== null && now !== null && !isSame(now, trace);
    const findings = itemFindings(await this.withImages(item, now), now);
    return { file, line, id: trace?.id ?? null, findings, ref, edited };
  }

  /** Where a trace was seen last; undefined if it was not. */
  placeOf(ref: TraceRef): number | undefined {
    return this.places.placeOf(ref);
  }

  /** All items in their order with their edits, read once. Throws `DataError`. */
  async *items(): AsyncGenerator<WholeItem> {
    await this.reopening;
    const { source, session, places } = this;
    yield* wholeItems(source, session, (ref, index) => places.put(source, ref, index));
  }

  /** The file of an image of a trace, or why there is none. */
  findImage(path: string): Promise<FoundImage> {
    return findImage(path, { folder: this.options.folder, ...this.options.roots() });
  }

  /** The file of an image of a trace. Throws an error for people if there is none, or if it may not be read. */
  async locate(path: string): Promise<string> {
    const found = await this.findImage(path);
    if ('file' in found) return found.file;
    throw new DataError(found.message);
  }

  /** Changes a trace. Throws `ChangeConflict` if the changes do not fit it, and then nothing has changed. */
  async edit(ref: TraceRef, label: string, changes: readonly Change[]): Promise<void> {
    const session = this.editable();
    const edit = await session.edit(ref, label, wholeTurns(await session.trace(ref), changes));
    this.edited.tell({
      ...edit,
      undo: () => this.after(edit.undo()),
      redo: () => this.after(edit.redo()),
    });
    this.changed.tell();
  }

  /** All that was done to a trace. Throws `DataError` if the file has no such trace. */
  async history(ref: TraceRef): Promise<TraceHistory> {
    return this.editable().history(ref);
  }

  /** Marks that somebody looked at are not shown again. */
  async acceptMarks(ref: TraceRef, keys: readonly string[]): Promise<void> {
    await this.options.accepted.add(refKey(ref), keys);
    this.changed.tell();
  }

  /** What counts for a trace; null if nobody judged it. Throws `DataError` if it has edits and is not in the file any more. */
  async verdictOf(ref: TraceRef): Promise<TraceVerdict | null> {
    return this.review === null ? null : this.review.verdictOf(ref);
  }

  /** How many traces were judged, and how many are approved: see `Review.counts`. */
  async verdictCounts(): Promise<{ readonly judged: number; readonly approved: number }> {
    return this.review === null ? { judged: 0, approved: 0 } : this.review.counts();
  }

  /**
   * Says what the user thinks of a trace, or of a part of it alone, on disk at once, its unsaved edits before it. Throws `DataError`. It is no edit to
   * VS Code: on its stack of undo a verdict would make the document dirty, though nothing is left to be saved, and Undo would
   * take it back in the middle of correcting a trace. `undoVerdict` is for that.
   */
  judge(ref: TraceRef, said: Said, place: Place | null = null): Promise<Judged> {
    return this.afterVerdict((review) =>
      place === null ? review.judge(ref, said) : review.judgePart(ref, place, said),
    );
  }

  /** Takes back what the user said last of a trace or a part of it. Throws `DataError`. */
  undoVerdict(ref: TraceRef): Promise<Judged> {
    return this.afterVerdict((review) => review.undo(ref));
  }

  /** Writes what is unsaved to the overlay; see `EditSession.save`. */
  async save(): Promise<Saved> {
    return this.after(this.editable().save());
  }

  /** One's own edits of a trace come after what others have saved of it meanwhile, which is taken back. */
  keepMine(ref: TraceRef): Promise<void> {
    return this.after(this.editable().keepMine(ref));
  }

  /** One's own unsaved edits of a trace are given up for what others have saved. */
  keepTheirs(ref: TraceRef): Promise<void> {
    return this.after(this.editable().keepTheirs(ref));
  }

  /** Gives up all that is unsaved. */
  revert(): Promise<void> {
    return this.after(this.editable().revert());
  }

  /** What is unsaved, to be kept until `restore`. */
  backup(): string {
    const session = this.editable();
    return `${this.places.hints(session.unsaved.map(({ trace }) => trace))}\n${session.backup()}`;
  }

  /** Makes the edits of a backup again. Gives those that cannot be made. */
  async restore(backup: string): Promise<readonly Unrestored[]> {
    const session = this.editable();
    const end = backup.indexOf('\n');
    if (end < 0) return [{ event: null, reason: 'The backup was cut short before its first edit.' }];
    this.places.addHints(backup.slice(0, end));
    const edits = backup.slice(end + 1);
    await this.missing(readBackup(edits).events.map(({ trace }) => trace));
    return this.after(session.restore(edits, 2));
  }

  /**
   * Reads the file anew. What cannot be read any more, as a file that was deleted, is shown as it was. Gives how many traces
   * with unsaved edits are not in it as they were.
   */
  async reload(): Promise<number> {
    const reopened = this.reopening.then(async () => {
      const source = await openSource(this.options);
      const before = this.source;
      this.source = source;
      this.generation++;
      this.follow(source);
      await before.close();
    });
    this.reopening = reopened.catch(() => undefined);
    await this.reopening;
    this.changed.tell();
    return this.lost();
  }

  /** Lets all be looked at again, as where images that were out of reach may be in it now. */
  lookAgain(): void {
    this.looks++;
    this.changed.tell();
  }

  /** Takes in what others have saved to the overlay; what was saved here is known, and changes nothing. */
  async refresh(): Promise<void> {
    if ((await this.session?.refresh()) === true) this.changed.tell();
  }

  async close(): Promise<void> {
    this.leave();
    await this.reopening;
    // What was not saved is given up.
    this.session = null;
    await this.source.close();
  }

  private editable(): EditSession {
    if (this.session === null) throw new DataError(`${this.title} cannot be edited.`);
    return this.session;
  }

  /** Lets it be known when something is done, also where it fails: part of it may be. */
  private async after<T>(work: Promise<T>): Promise<T> {
    return work.finally(() => this.changed.tell());
  }

  private async afterVerdict<T>(work: (review: Review) => Promise<T>): Promise<T> {
    if (this.review === null) throw new DataError(`Traces of ${this.title} cannot be judged.`);
    const { unsaved } = this;
    const done = await this.after(work(this.review));
    if (this.unsaved < unsaved) this.savedAside.tell();
    return done;
  }

  private async find(ref: TraceRef): Promise<Trace | null> {
    await this.reopening;
    return (await this.places.find(this.source, ref))?.trace ?? null;
  }

  private async lost(): Promise<number> {
    const refs = new Map((this.session?.unsaved ?? []).map(({ trace }) => [refKey(trace), trace]));
    return (await this.missing([...refs.values()])).length;
  }

  private async missing(refs: readonly TraceRef[]): Promise<readonly TraceRef[]> {
    await this.reopening;
    return this.places.missing(this.source, refs);
  }

  private withImages(item: DataItem, edited: Trace | null): Promise<DataItem> {
    return withEditedImages(item, edited ?? item.trace, (path) => this.findImage(path));
  }

  private async findingsOf(item: DataItem, edited: Trace | null): Promise<ShownTrace['findings']> {
    const { findings } = await this.withImages(item, edited);
    return [...toViewFindings(findings, item.line), ...faultAfter(this.source, item.index)];
  }

  private follow(source: DataSource): void {
    this.leave();
    this.leave = source.counted.add((counts) => this.counted.tell(counts));
  }
}

function openSource({ path, startIndex, roots, otherwise }: DocumentOptions): Promise<DataSource> {
  return openDataSource(path, {
    startIndex,
    images: (folder) => ({ folder, ...roots() }),
    ...(otherwise !== null && { otherwise }),
  });
}

/** Whether edits have led back to what was there, as where the original was restored. */
const isSame = (a: Trace, b: Trace): boolean => JSON.stringify(a) === JSON.stringify(b);
