import { t } from '@vscode/l10n';
import { withDerived } from '../../../src/trace/derive';
import type { Drawing } from '../../../src/trace/drawing';
import type { Change } from '../../../src/trace/edit/change';
import { EditRefused } from '../../../src/trace/edit/edit-refused';
import { renumber } from '../../../src/trace/edit/renumber';
import type { Point } from '../../../src/trace/geometry';
import type { Trace } from '../../../src/trace/trace';
import { explain } from '../../shared/explain';
import type { Store } from '../../shared/store';
import type { Action } from '../model/actions';
import { describeMoved, moveLabel } from '../model/edit-words';
import type { Part } from '../model/handles';
import { heldDrawings, movedShapes, moveShapes } from '../model/shape-changes';
import type { AppState, Preview } from '../model/state';
import type { ShapeId } from '../model/turn-view';

/** Keys that move a shape are gathered until none came for so long, in milliseconds. */
const GATHER = 400;

/** What the editor asks of the host, of the trace of a revision; both end when the outcome is shown, or fail. */
interface EditHost {
  edit(revision: number, label: string, changes: readonly Change[]): Promise<unknown>;
  acceptMarks(revision: number, keys: readonly string[]): Promise<unknown>;
  readClipboard(): Promise<string>;
}

/** Moves of the held shapes that are shown and not sent yet. */
interface Gathered {
  readonly held: AppState['held'];
  readonly preview: Preview;
  readonly label: string;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** What was put on the clipboard here: the shapes may still stand as their author wrote them. */
export interface Copied {
  readonly text: string;
  /** Of the trace that they are of. */
  readonly key: string;
  readonly shapes: ReadonlyMap<ShapeId, Drawing>;
}

/** Edits the trace that is shown: one edit after the other, each made of the trace that the one before it left. */
export class Editor {
  /** What was put on the clipboard last. */
  copied: Copied | null = null;
  private last: Promise<unknown> = Promise.resolve();
  private gathered: Gathered | null = null;

  constructor(
    private readonly store: Store<AppState, Action>,
    private readonly host: EditHost,
  ) {
    store.subscribe(() => {
      if (this.gathered && store.state.held !== this.gathered.held) void this.flush();
    });
  }

  /**
   * Sends what `build` makes of the trace. Whether it was done: why it was not is shown. What moved by keys comes first.
   * Nothing is sent of a trace that is no longer shown. `numbered` says that `build` sees to the numbers of images itself.
   */
  edit(
    label: string,
    build: (trace: Trace) => readonly Change[],
    { numbered = false }: { readonly numbered?: boolean } = {},
  ): Promise<boolean> {
    void this.flush();
    return this.queue(label, build, numbered);
  }

  /** Sends where shapes were moved to; the preview stays until the outcome is shown, or it failed. */
  async settle(preview: Preview, label: string): Promise<void> {
    await this.edit(label, (trace) => moveShapes(trace, preview));
    this.endPreview(preview);
  }

  /** Moves the held shapes, or a part of one, by pixels of model space: shown at once, and sent when no more come. */
  nudge(by: Point): void {
    const { state, dispatch } = this.store;
    const { part } = state;
    const moved = movedShapes(heldDrawings(state), part, by);
    const [first] = moved.preview.values();
    if (first === undefined) return;
    dispatch({ type: 'preview', preview: moved.preview });
    if (moved.part !== part) dispatch({ type: 'part', part: moved.part });
    dispatch({ type: 'say', text: describeMoved(moved.preview.size, first) });
    this.gather(moved.preview, part);
  }

  /** Sends at once what moved by keys. Ends when all that was asked for is done. */
  flush(): Promise<unknown> {
    const { gathered } = this;
    if (gathered === null) return this.last;
    clearTimeout(gathered.timer);
    this.gathered = null;
    const { preview, label } = gathered;
    return this.queue(label, (trace) => moveShapes(trace, preview)).then(() => this.endPreview(preview));
  }

  /** Does what a notice offers. */
  takeOffer({ label, changes }: { readonly label: string; readonly changes: readonly Change[] }): void {
    void this.edit(label, () => changes);
  }

  async acceptMarks(keys: readonly string[]): Promise<void> {
    const { document } = this.store.state;
    if (document === null) return;
    try {
      await this.host.acceptMarks(document.revision, keys);
    } catch (error) {
      this.complain(error);
    }
  }

  readClipboard(): Promise<string> {
    return this.host.readClipboard();
  }

  private gather(preview: Preview, part: Part | null): void {
    if (this.gathered) clearTimeout(this.gathered.timer);
    const timer = setTimeout(() => void this.flush(), GATHER);
    const { held } = this.store.state;
    this.gathered = { held, preview, label: moveLabel([...preview.values()], part), timer };
  }

  private endPreview(preview: Preview): void {
    if (this.store.state.preview === preview) this.store.dispatch({ type: 'preview', preview: null });
  }

  private queue(
    label: string,
    build: (trace: Trace) => readonly Change[],
    numbered = false,
  ): Promise<boolean> {
    const key = this.store.state.document?.key;
    const done = this.last.then(() => this.send(key, label, build, numbered));
    this.last = done;
    return done;
  }

  private async send(
    key: string | undefined,
    label: string,
    build: (trace: Trace) => readonly Change[],
    numbered: boolean,
  ): Promise<boolean> {
    const { document, edits } = this.store.state;
    if (document === null || edits === null || document.key !== key) return false;
    const trace = withDerived(document.trace);
    let changes: readonly Change[];
    try {
      changes = build(trace);
      if (changes.length === 0) return true;
      await this.host.edit(document.revision, label, changes);
    } catch (error) {
      this.complain(error);
      return false;
    }
    this.offerNumbers(numbered ? [] : numbersAfter(trace, changes));
    return true;
  }

  /** An offer holds for the trace as it is now: the next edit takes it away. */
  private offerNumbers(changes: readonly Change[]): void {
    const { notice } = this.store.state;
    if (changes.length > 0) {
      const offer = { label: t('Renumber Images'), changes };
      const text = t('Images have other numbers now, and shapes still name the old ones.');
      this.store.dispatch({ type: 'notice', notice: { kind: 'done', text, offer } });
    } else if (notice !== null) this.store.dispatch({ type: 'notice', notice: null });
  }

  private complain(error: unknown): void {
    this.store.dispatch({ type: 'notice', notice: { kind: 'error', text: explain(error) } });
  }
}

/** What keeps shapes on their images after changes; nothing where a turn's text is too unusual to be changed so. */
function numbersAfter(trace: Trace, changes: readonly Change[]): readonly Change[] {
  try {
    return renumber(trace, changes);
  } catch (error) {
    if (error instanceof EditRefused) return [];
    throw error;
  }
}
