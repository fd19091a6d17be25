/** The clock and the frames of the page, or those of a test. */
export interface Frames {
  /** Milliseconds that only ever grow. */
  readonly now: () => number;
  /** Calls back before the next frame is painted. */
  readonly next: (run: () => void) => void;
}

/** Of the time, the share that may go into reading what was said so far, once that takes longer than a frame. */
const SHARE = 4;

/**
 * Collects what a model says and hands it on once a frame. Each time the whole turn is read anew, which takes the longer
 * the longer the turn is, so that of a very long one only every so often something is handed on.
 */
export class TextBuffer {
  private text = '';
  private waiting = false;
  private notBefore = 0;

  constructor(
    private readonly take: (text: string) => void,
    private readonly frames: Frames,
  ) {}

  add(text: string): void {
    this.text += text;
    this.wait();
  }

  /** Forgets what was not handed on yet: the whole turn is here. */
  clear(): void {
    this.text = '';
  }

  private wait(): void {
    if (this.waiting) return;
    this.waiting = true;
    this.frames.next(() => {
      this.waiting = false;
      if (this.text === '') return;
      const start = this.frames.now();
      if (start < this.notBefore) {
        this.wait();
        return;
      }
      const { text } = this;
      this.text = '';
      this.take(text);
      const end = this.frames.now();
      this.notBefore = end + (end - start) * (SHARE - 1);
    });
  }
}
