/** A pointer that rests on a trace for so long, in milliseconds, may be about to choose it. */
const REST = 20;
/** How many pictures are held, so that the browser does not let go of them. */
const HELD = 8;

/**
 * Has pictures made and loaded for traces that are about to be chosen, so that nobody waits for them then. One is asked for
 * at a time, and of those wished for meanwhile only the last.
 */
export class Peek {
  private readonly held: HTMLImageElement[] = [];
  private pointed: number | null = null;
  private wished: number | null = null;
  private isAsking = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `ask` gives the URIs of the pictures that a trace would be shown with first. */
  constructor(private readonly ask: (index: number) => Promise<readonly string[]>) {}

  /** The pointer is over this trace, or over none any more. */
  point(index: number | null): void {
    if (index === this.pointed) return;
    this.pointed = index;
    clearTimeout(this.timer);
    if (index !== null) this.timer = setTimeout(() => void this.wish(index), REST);
  }

  /** This trace may well be the next. */
  async wish(index: number): Promise<void> {
    clearTimeout(this.timer);
    this.wished = index;
    if (this.isAsking) return;
    this.isAsking = true;
    while (this.wished !== null) {
      const next = this.wished;
      this.wished = null;
      // What keeps it from being made is said to who chooses the trace.
      for (const uri of await this.ask(next).catch(() => [])) this.load(uri);
    }
    this.isAsking = false;
  }

  /** Begins to load a picture. */
  load(uri: string): void {
    if (this.held.some(({ src }) => src === uri)) return;
    const picture = new Image();
    picture.src = uri;
    this.held.push(picture);
    if (this.held.length > HELD) this.held.shift();
  }
}
