import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { type TensorToWrite, writeSafetensors } from './safetensors';

const headerSchema = v.record(
  v.string(),
  v.object({
    dtype: v.optional(v.string(), ''),
    shape: v.optional(v.array(v.number()), []),
    data_offsets: v.optional(v.tuple([v.number(), v.number()]), [0, 0]),
  }),
);

/**
 * Copies a checkpoint, whose only weight file holds numbers of 16 bits, to a folder, with `intermediate` rows in the MLPs of its
 * vision tower: those it did not have are zeros. It computes what it computed before, and takes longer to import.
 */
export async function writeWideTower(from: string, to: string, intermediate: number): Promise<void> {
  await cp(from, to, { recursive: true });
  const config = JSON.parse(await readFile(join(from, 'config.json'), 'utf8'));
  config.vision_config.intermediate_size = intermediate;
  await writeFile(join(to, 'config.json'), JSON.stringify(config));
  const whole = await readFile(join(from, 'model.safetensors'));
  const begin = 8 + Number(whole.readBigUInt64LE());
  const { __metadata__, ...header } = v.parse(headerSchema, JSON.parse(whole.toString('utf8', 8, begin)));
  const tensors = Object.entries(header).map(([name, { dtype, shape, data_offsets }]) => {
    const [first, end] = data_offsets;
    const tensor = { name, dtype, shape, data: whole.subarray(begin + first, begin + end) };
    if (/^visual\..*\.mlp\.(gate|up)_proj\./.test(name)) return longer(tensor, intermediate);
    return /^visual\..*\.mlp\.down_proj\.weight$/.test(name) ? wider(tensor, intermediate) : tensor;
  });
  await writeSafetensors(join(to, 'model.safetensors'), tensors);
}

/** With rows of zeros after its own. */
function longer({ name, dtype, shape: [, ...row], data }: TensorToWrite, rows: number): TensorToWrite {
  const padded = new Uint8Array(rows * row.reduce((product, size) => product * size, 2));
  padded.set(data);
  return { name, dtype, shape: [rows, ...row], data: padded };
}

/** With zeros after the numbers of each row. */
function wider(
  { name, dtype, shape: [rows = 0, width = 0], data }: TensorToWrite,
  to: number,
): TensorToWrite {
  const padded = new Uint8Array(rows * to * 2);
  for (let row = 0; row < rows; row++)
    padded.set(data.subarray(row * width * 2, (row + 1) * width * 2), row * to * 2);
  return { name, dtype, shape: [rows, to], data: padded };
}
