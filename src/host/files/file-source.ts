import type { LineageImage } from '../../trace/lineage';
import { Listeners } from '../listeners';
import { isCorrect } from '../run/run-summary';
import { type ImageRoots, resolveImage } from '../view/image-roots';
import { endedLineage, limitsOf, toView } from '../view/shown';
import type { SourceEvent, SourceState, TraceSource } from '../view/source';
import type { Subject } from '../view/trace-images';
import type { ReadLine } from './read-line';
import type { TraceDocument } from './trace-document';

/** What is shown where a file holds nothing. */
const EMPTY: ReadLine = {
  trace: null,
  findings: [{ code: 'empty-file', severity: 'warning', message: 'The file holds no traces.' }],
};

/** Shows the traces of a file, one at a time; the one that is chosen stays so when the file changes. */
export class FileSource implements TraceSource {
  readonly events = new Listeners<SourceEvent>();
  readonly run = null;
  readonly canSave = false;
  revision = 0;
  private index = 0;
  private shown: Promise<ReadLine> | null = null;
  private lineage: { readonly of: ReadLine; readonly images: readonly LineageImage[] } | null = null;
  private readonly leave: readonly (() => void)[];

  /** @param roots asked each time: folders may be opened, and trusted, meanwhile. */
  constructor(
    private readonly document: TraceDocument,
    private readonly roots: () => Omit<ImageRoots, 'folder'>,
  ) {
    this.leave = [
      document.counted.add((counts) => this.events.tell({ type: 'count', ...counts })),
      document.changed.add(() => {
        this.shown = null;
        this.revision++;
        this.events.tell({ type: 'changed' });
      }),
    ];
  }

  async state(): Promise<SourceState> {
    const { revision } = this;
    const { trace, findings } = await this.read();
    const { title, counts } = this.document;
    return {
      title,
      index: this.index,
      ...counts,
      shown: {
        trace: trace === null ? null : toView(trace),
        revision,
        findings: [...findings],
        speaking: null,
        correct: trace === null ? null : isCorrect(trace),
        run: null,
      },
    };
  }

  async select(index: number): Promise<void> {
    this.index = index;
    this.shown = null;
    this.revision++;
    await this.read();
  }

  async subject(): Promise<Subject | null> {
    const line = await this.read();
    const { trace } = line;
    if (trace === null) return null;
    if (this.lineage?.of !== line) this.lineage = { of: line, images: endedLineage(trace) };
    const { folder } = this.document;
    return {
      trace,
      lineage: this.lineage.images,
      limits: limitsOf(trace),
      locate: (path) => resolveImage(path, { folder, ...this.roots() }),
    };
  }

  dispose(): void {
    for (const leave of this.leave) leave();
  }

  /** The trace that is chosen, or the last one where the file has become shorter. */
  private read(): Promise<ReadLine> {
    this.shown ??= this.find().catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      return { trace: null, findings: [{ code: 'unreadable', severity: 'error' as const, message }] };
    });
    return this.shown;
  }

  private async find(): Promise<ReadLine> {
    const line = await this.document.line(this.index);
    if (line !== null) return line;
    const { count } = this.document.counts;
    if (count === 0) return EMPTY;
    this.index = count - 1;
    return (await this.document.line(this.index)) ?? EMPTY;
  }
}
