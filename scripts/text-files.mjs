/** Files that become part of the programs as texts: what an export writes for Python. */
import { readFileSync } from 'node:fs';

const TEXT = /\.(?:py|sh)$/;

/** For esbuild. @type {Record<string, 'text'>} */
export const TEXT_LOADERS = { '.py': 'text', '.sh': 'text' };

/** The same for Vite, and so for the tests. */
export const textFiles = {
  name: 'text-files',
  enforce: 'pre',
  load(id) {
    if (!TEXT.test(id)) return null;
    return `export default ${JSON.stringify(readFileSync(id, 'utf8'))};`;
  },
};
