import { ImageError } from '../pixel-service';

/** Reads whole numbers from a file's bytes. Reading past the end is an `ImageError` that says the file ends too early. */
export class ByteReader {
  private readonly view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    private readonly littleEndian: boolean,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(at: number): number {
    return this.slice(at, 1)[0] ?? 0;
  }

  u16(at: number): number {
    this.slice(at, 2);
    return this.view.getUint16(at, this.littleEndian);
  }

  u32(at: number): number {
    this.slice(at, 4);
    return this.view.getUint32(at, this.littleEndian);
  }

  /** A 64-bit number. Those over 2^53 lie outside any file; they come back rounded, and reading there fails. */
  u64(at: number): number {
    this.slice(at, 8);
    return Number(this.view.getBigUint64(at, this.littleEndian));
  }

  /** `length` bytes from `at`, not copied. */
  slice(at: number, length: number): Uint8Array {
    if (at + length > this.bytes.length) throw new ImageError('it ends too early; it may be cut short');
    return this.bytes.subarray(at, at + length);
  }
}
