/**
 * What was said of a reply, over all tries. Text that was handed on cannot be taken back: a try after a broken one has to
 * say the same again, and only what is new in it is handed on. With greedy or seeded sampling servers mostly do.
 */
export class Replay {
  private said = '';
  private heard = 0;

  /** All that was handed on. */
  get text(): string {
    return this.said;
  }

  /** The reply begins anew. */
  restart(): void {
    this.heard = 0;
  }

  /** What is new in the next piece of this try; null where it says something else than the one before. */
  add(piece: string): string | null {
    const again = piece.slice(0, this.said.length - this.heard);
    if (!this.said.startsWith(again, this.heard)) return null;
    this.heard += piece.length;
    const fresh = piece.slice(again.length);
    this.said += fresh;
    return fresh;
  }

  /** Whether this try has said all that was handed on. */
  get isWhole(): boolean {
    return this.heard === this.said.length;
  }
}
