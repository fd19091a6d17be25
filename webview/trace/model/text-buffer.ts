/** The clock of the page, or that of a test. */
export interface Clock {
  /** Milliseconds that only ever grow. */
  readonly now: () => number;
  /** Calls back after so many milliseconds. */
  readonly after: (milliseconds: number, run: () => void) => void;
  /** Calls back once what was handed on is on the page, though not painted yet. */
  readonly rendered: (run: () => void) => void;
}

/** About the length of a frame, in milliseconds: text is handed on no more often. */
const FRAME = 16;

/** Of the time, at most one part in so many goes into showing what was said. */
const SHARE = 4;

/**
 * Collects what a model says and hands it on: at once after a pause, else once a frame. Each time the whole turn is read
 * anew, which takes the longer the longer the turn is; of a very long one something is handed on only every so often.
 */
export class TextBuffer {
  private text = '';
  private waiting = false;
  private notBefore = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly take: (text: string) => void,
    private readonly clock: Clock,
  ) {}

  add(text: string): void {
    this.text += text;
    if (this.waiting) return;
    const wait = this.notBefore - this.clock.now();
    if (wait <= 0) {
      this.handOn();
      return;
    }
    this.waiting = true;
    this.clock.after(wait, () => {
      this.waiting = false;
      if (this.text !== '') this.handOn();
    });
  }

  /** Forgets what was not handed on yet: the whole turn is here. */
  clear(): void {
    this.text = '';
  }

  private handOn(): void {
    const { text } = this;
    this.text = '';
    const start = this.clock.now();
    this.notBefore = start + FRAME;
    this.take(text);
    this.clock.rendered(() => {
      const end = this.clock.now();
      this.notBefore = end + Math.max(FRAME, (end - start) * (SHARE - 1));
    });
  }
}
