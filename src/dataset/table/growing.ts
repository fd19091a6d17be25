/** Numbers that more are added to: four bytes of memory each, whatever there are. */
export class Growing {
  private room = new Uint32Array(256);
  private count = 0;

  push(value: number): void {
    if (this.count === this.room.length) {
      const larger = new Uint32Array(this.room.length * 2);
      larger.set(this.room);
      this.room = larger;
    }
    this.room[this.count++] = value;
  }

  set(index: number, value: number): void {
    if (index < this.count) this.room[index] = value;
  }

  get(index: number): number {
    return this.room[index] ?? 0;
  }

  /** All of them, until the next is added. */
  all(): Uint32Array {
    return this.room.subarray(0, this.count);
  }
}
