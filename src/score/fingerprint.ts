/**
 * 53 bits that tell one row of numbers from another: of 100,000 rows, two that differ have the same by a chance of one to a
 * million. No one is kept from making such two on purpose. Two sums of 32 bits, each mixed as MurmurHash mixes its last.
 */
export class Fingerprint {
  private one = 0x2545f491;
  private other = 0x6c078965;

  /** A whole number; of one beyond 32 bits its text. */
  add(number: number): void {
    if ((number | 0) === number) this.mix(number);
    else this.addText(String(number));
  }

  addText(text: string): void {
    for (let at = 0; at < text.length; at++) this.mix(text.charCodeAt(at));
    this.end();
  }

  /** Parts what was added before from what comes: `ab`, `c` is not `a`, `bc`. */
  end(): void {
    this.mix(-1);
  }

  private mix(number: number): void {
    const one = Math.imul(this.one ^ number, 0x85ebca6b);
    const other = Math.imul(this.other ^ number, 0xc2b2ae35);
    this.one = one ^ (one >>> 15);
    this.other = other ^ (other >>> 13);
  }

  get value(): number {
    const high = Math.imul(this.one ^ (this.other >>> 16), 0x85ebca6b) >>> 0;
    const low = Math.imul(this.other ^ (this.one >>> 16), 0xc2b2ae35) >>> 0;
    return high * 2 ** 21 + (low >>> 11);
  }
}
