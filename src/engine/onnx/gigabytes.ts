/** Bytes in words: decimal gigabytes with one digit, at least 0.1. */
export function gigabytes(bytes: number): string {
  return `${Math.max(bytes / 1e9, 0.1).toFixed(1)} GB`;
}
