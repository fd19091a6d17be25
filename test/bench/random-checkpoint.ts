import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tinyFolder, writeFolder } from '../helpers/checkpoint-folder';

/** Writes a random checkpoint of the shape in big-shape.json, with the tokenizer of a checkpoint of the parity tests. */
export async function writeRandomCheckpoint(out: string): Promise<void> {
  const small = join('test', 'parity', 'golden', 'checkpoints', 'mqa-tied-bf16');
  const read = async (path: string) => JSON.parse(await readFile(path, 'utf8'));
  const { text, vision, mrope } = await read(join('test', 'bench', 'big-shape.json'));
  const { vision_config, ...config } = await read(join(small, 'config.json'));
  const content = tinyFolder({
    config: {
      ...config,
      ...text,
      rope_scaling: { type: 'mrope', mrope_section: mrope },
      vision_config: { ...vision_config, ...vision, out_hidden_size: text.hidden_size },
    },
    dtype: 'BF16',
    scale: 0.05,
  });
  const names = [
    'tokenizer.json',
    'tokenizer_config.json',
    'preprocessor_config.json',
    'generation_config.json',
  ];
  for (const name of names) content.json[name] = await read(join(small, name));
  await writeFolder(out, content);
}
