/** Bytes in words: decimal gigabytes with one digit, at least 0.1. */
export function gigabytes(bytes: number): string {
  return `${Math.max(bytes / 1e9, 0.1).toFixed(1)} GB`;
}

/** A number of parameters in words. */
export function parameterCount(count: number): string {
  return count >= 1e9 ? `${(count / 1e9).toFixed(2)} billion` : `${(count / 1e6).toFixed(1)} million`;
}
