/** As often as a screen is painted, about; each message costs more than the text in it. */
const INTERVAL = 30;

/** Gathers pieces of text for a moment and hands them on as one. The first piece after a pause goes at once. */
export class TextBatch {
  private text = '';
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly send: (text: string) => void,
    private readonly interval = INTERVAL,
  ) {}

  add(text: string): void {
    this.text += text;
    if (this.timer !== undefined) return;
    this.sendAll();
    this.wait();
  }

  /** Hands on what there is. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.sendAll();
  }

  /** Forgets what there is: whom it is for has it already. */
  drop(): void {
    this.text = '';
    this.flush();
  }

  private wait(): void {
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.text === '') return;
      this.sendAll();
      this.wait();
    }, this.interval);
  }

  private sendAll(): void {
    const { text } = this;
    this.text = '';
    if (text !== '') this.send(text);
  }
}
