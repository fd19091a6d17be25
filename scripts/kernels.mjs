/**
 * Kernels: AssemblyScript that becomes part of the programs as WebAssembly. `import code from './assembly/NAME.wasm'` gives the
 * bytes of what `assembly/NAME.ts` is compiled to.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './setup.mjs';

const KERNEL = /[\\/]assembly[\\/]\w+\.wasm$/;

/** For rolldown and Vite, and so for the build and the tests. */
export const kernels = {
  name: 'kernels',
  enforce: 'pre',
  resolveId: {
    filter: { id: KERNEL },
    handler: (source, importer) => (importer === undefined ? null : join(dirname(importer), source)),
  },
  load: {
    filter: { id: KERNEL },
    handler: async (id) => ({ code: await moduleOf(id), moduleType: 'js' }),
  },
};

/** The same for esbuild. @type {import('esbuild').Plugin} */
export const kernelsForEsbuild = {
  name: 'kernels',
  setup(build) {
    build.onLoad({ filter: KERNEL }, async ({ path }) => ({ contents: await moduleOf(path), loader: 'js' }));
    build.onResolve({ filter: KERNEL }, ({ path, resolveDir }) => ({ path: join(resolveDir, path) }));
  },
};

/** @type {Map<string, Promise<string>>} */
const modules = new Map();

/** One program after the other asks for the same. */
function moduleOf(path) {
  const known = modules.get(path) ?? makeModule(path);
  modules.set(path, known);
  return known;
}

async function makeModule(path) {
  const base64 = Buffer.from(await compile(path.replace(/\.wasm$/, '.ts'))).toString('base64');
  return `export default Buffer.from('${base64}', 'base64');`;
}

/** The WebAssembly of the AssemblyScript at `path`. Throws what the compiler says. */
async function compile(path) {
  // Loaded here, not above: it is one of the dependencies.
  const asc = await import('assemblyscript/asc');
  let binary;
  let said = '';
  const files = {
    readFile: (name, folder) => read(join(folder, name)),
    writeFile: (_name, contents) => {
      binary = contents;
    },
    listFiles: () => [],
  };
  const options = [
    '--outFile',
    'out.wasm',
    '-O3',
    '--runtime',
    'stub',
    '--importMemory',
    '--noAssert',
    '--enable',
    'simd',
  ];
  const { error } = await asc.main([path, '--baseDir', ROOT, ...options], {
    ...files,
    stderr: {
      write: (text) => {
        said += text;
      },
    },
  });
  if (error !== null || binary === undefined) throw new Error(`${path}: ${said || error}`);
  return binary;
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
