import type { TraceRef } from '../../dataset/overlay/edit-event';
import type { Counted } from '../../dataset/source/indexed-file';
import { Listeners } from '../../shared/listeners';
import { isCorrect } from '../run/run-summary';
import { toView } from '../view/shown';
import type { SourceEvent, SourceState, TraceEdits, TraceSource, TraceVerdicts } from '../view/source';
import type { Subject } from '../view/trace-images';
import type { DataDocument, ShownItem } from './data-document';
import type { DocumentTable } from './document-table';
import { subjectOf } from './file-subject';
import { itemKey, TraceList } from './trace-list';

/** What is shown where there is no trace to show, and why. */
const nothing = (code: string, severity: 'error' | 'warning', message: string): ShownItem => ({
  ...{ trace: null, ref: null, edits: null, verdict: null, partVerdicts: [] },
  findings: [{ code, severity, message }],
});
const EMPTY = nothing('empty-file', 'warning', 'The file holds no traces.');

/** Views hear of more traces this often at most, in milliseconds: told of each piece of a large file, they would do nothing else. */
const COUNT_EVERY = 250;

/** Shows the traces of a file, one at a time; the one that is chosen stays so when the file changes. */
export class FileSource implements TraceSource {
  readonly events = new Listeners<SourceEvent>();
  /** Told when another trace was chosen. */
  readonly selected = new Listeners<void>();
  readonly run = null;
  readonly canSave = false;
  readonly edits: TraceEdits = {
    edit: async (label, changes) => this.document.edit(await this.editable(), label, changes),
    acceptMarks: async (keys) => {
      const { ref } = await this.read();
      if (ref !== null) await this.document.acceptMarks(ref, keys);
    },
    history: async () => this.document.history(await this.editable()),
  };
  readonly verdicts: TraceVerdicts = {
    judge: async (verdict, { reason, comment }, part) => {
      const { ref } = await this.read();
      if (ref === null) throw new Error('This trace cannot be judged.');
      const said = { verdict, ...(reason !== null && { reason }), ...(comment !== null && { comment }) };
      const place = part && { turn: part.turn, ...(part.shape !== null && { shape: part.shape }) };
      return (await this.document.judge(ref, said, place)).healed;
    },
    undo: async () => {
      const { ref } = await this.read();
      return ref === null ? null : (await this.document.undoVerdict(ref)).healed;
    },
  };
  revision = 0;

  get holdsQuestions(): boolean {
    return this.document.format === 'questions';
  }
  readonly list: TraceList;
  /** Number of the trace that is chosen, from 0. */
  index = 0;
  private shown: Promise<ShownItem> | null = null;
  private drawn: { readonly of: ShownItem; readonly subject: Subject } | null = null;
  private countTimer: NodeJS.Timeout | undefined;
  private readonly leave: readonly (() => void)[];

  constructor(
    readonly document: DataDocument,
    table: DocumentTable,
  ) {
    this.list = new TraceList(
      table,
      () => this.index,
      () => this.events.tell({ type: 'list' }),
    );
    this.leave = [
      document.counted.add((counts) => this.count(counts)),
      document.changed.add(() => {
        this.shown = null;
        this.revision++;
        this.events.tell({ type: 'changed' });
      }),
    ];
  }

  async state(): Promise<SourceState> {
    const { revision } = this;
    const { trace, findings, edits, verdict, partVerdicts, ref } = await this.read();
    const { title, counts } = this.document;
    return {
      ...{ title, index: this.index },
      ...counts,
      shown: {
        trace: trace === null ? null : toView(trace),
        key: itemKey(ref, this.index),
        ...{ revision, findings, edits, verdict, partVerdicts, speaking: null },
        correct: trace === null ? null : isCorrect(trace),
        run: null,
      },
    };
  }

  async select(index: number): Promise<void> {
    this.index = index;
    this.shown = null;
    this.revision++;
    this.list.rest();
    this.selected.tell();
    await this.read();
  }

  async subject(): Promise<Subject | null> {
    const item = await this.read();
    const { trace } = item;
    if (trace === null) return null;
    if (this.drawn?.of !== item) this.drawn = { of: item, subject: subjectOf(trace, this.document) };
    return this.drawn.subject;
  }

  dispose(): void {
    this.list.dispose();
    clearTimeout(this.countTimer);
    for (const leave of this.leave) leave();
  }

  private count({ counting }: Counted): void {
    const tell = () => {
      clearTimeout(this.countTimer);
      this.countTimer = undefined;
      this.events.tell({ type: 'count', ...this.document.counts });
    };
    if (!counting) tell();
    else this.countTimer ??= setTimeout(tell, COUNT_EVERY);
  }

  /** What the edits of the trace that is chosen are kept under; throws where it cannot be edited. */
  private async editable(): Promise<TraceRef> {
    const { ref } = await this.read();
    if (ref === null) throw new Error('This trace cannot be edited.');
    return ref;
  }

  /** The trace that is chosen, or the last one where the file has become shorter. */
  private read(): Promise<ShownItem> {
    this.shown ??= this.find().catch((error: unknown) =>
      nothing('unreadable', 'error', error instanceof Error ? error.message : String(error)),
    );
    return this.shown;
  }

  private async find(): Promise<ShownItem> {
    const item = await this.document.shown(this.index);
    if (item !== null) return item;
    const { count } = this.document.counts;
    if (count === 0) return EMPTY;
    this.index = count - 1;
    return (await this.document.shown(this.index)) ?? EMPTY;
  }
}
