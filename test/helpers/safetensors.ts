import { writeFile } from 'node:fs/promises';

/** A tensor to be written: `data` holds `shape`'s numbers as the format named by `dtype` stores them. */
export interface TensorToWrite {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** The bytes of a safetensors file with these tensors, in this order. */
export function safetensorsBytes(tensors: readonly TensorToWrite[]): Buffer {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let at = 0;
  for (const { name, dtype, shape, data } of tensors) {
    header[name] = { dtype, shape, data_offsets: [at, at + data.length] };
    at += data.length;
  }
  return Buffer.concat([fileWithHeader(header), ...tensors.map(({ data }) => data)]);
}

/** A file that has `header` (text, or what becomes JSON) and no data. */
export function fileWithHeader(header: unknown): Buffer {
  const text = typeof header === 'string' ? header : JSON.stringify(header);
  const json = Buffer.from(text + ' '.repeat((8 - (Buffer.byteLength(text) % 8)) % 8));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([prefix, json]);
}

export async function writeSafetensors(path: string, tensors: readonly TensorToWrite[]): Promise<void> {
  await writeFile(path, safetensorsBytes(tensors));
}
