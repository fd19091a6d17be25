import { yamlFeatures } from '../parquet/column';
import { COLUMNS, MEANINGS } from './row';

export interface CardFacts {
  /** Of the data set, and of its file within the folder. */
  readonly name: string;
  readonly file: string;
  readonly rows: number;
  /** Of the values, and of the file. */
  readonly bytes: number;
  readonly fileBytes: number;
}

/** `README.md` of a data set for Hugging Face: its head tells the hub and `datasets` what is in it, the rest tells people. */
export function dataSetCard({ name, file, rows, bytes, fileBytes }: CardFacts): string {
  const head = [
    '---',
    `pretty_name: ${JSON.stringify(name)}`,
    'task_categories:',
    '- visual-question-answering',
    'configs:',
    '- config_name: default',
    '  data_files:',
    '  - split: train',
    `    path: ${file}`,
    'dataset_info:',
    '  features:',
    ...yamlFeatures(COLUMNS, 2),
    '  splits:',
    '  - name: train',
    `    num_bytes: ${bytes}`,
    `    num_examples: ${rows}`,
    `  download_size: ${fileBytes}`,
    `  dataset_size: ${bytes}`,
    '---',
  ];
  const meanings = Object.entries(MEANINGS).map(([column, meaning]) => `| \`${column}\` | ${meaning} |`);
  return `${head.join('\n')}

# ${name}

${rows} ${rows === 1 ? 'trace' : 'traces'} of spatial reasoning: a model thinks, draws on the images, looks at what it drew, and thinks on.

\`\`\`python
from datasets import load_dataset

traces = load_dataset("path/of/this/folder", split="train")
traces[0]["images"][0]  # a PIL image
\`\`\`

| column | |
|---|---|
${meanings.join('\n')}

Coordinates in the texts are pixels of the images as they are here. A trainer must not resize them.
\`manifest.json\` has the SHA-256 of every file, who judged the traces, their mean scores, and what was left out and why.
`;
}
