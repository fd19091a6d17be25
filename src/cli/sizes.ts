import type { FormatNeeds } from '../engine/onnx/check-model';

/** Bytes in words, decimal. */
export function size(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** What a format of weights takes, as in `int8: 13.1 GB of memory, its import takes 9.5 GB of disk`. */
export function describeFormat(name: string, { memory, disk, imported, fits }: FormatNeeds): string {
  const onDisk = imported ? 'imported already' : `its import takes ${size(disk)} of disk`;
  return `${name}: ${size(memory.total)} of memory, ${onDisk}${fits ? '' : '; too much'}`;
}
