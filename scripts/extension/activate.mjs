/** Activates the extension without VS Code, to see what it registers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kernelsForEsbuild } from '../kernels.mjs';
import { ROOT } from '../setup.mjs';
import { TEXT_LOADERS } from '../text-files.mjs';

/** Packages that must not be loaded before they are used, and then in processes of their own. */
const NATIVE = ['onnxruntime-node', 'sharp'];

/** Ids of the commands, custom editors and views that `activate` registers, and the native packages that it loads. */
export async function activate() {
  const registered = { commands: [], customEditors: [], views: [], native: [] };
  const require = createRequire(join(ROOT, 'package.json'));
  const code = await bundle();
  const vscode = standIn(code, registered);
  const extension = load(code, (name) => {
    if (name === 'vscode') return vscode;
    if (NATIVE.includes(name)) registered.native.push(name);
    return require(name);
  });
  const storage = mkdtempSync(join(tmpdir(), 'vilasr-activate-'));
  try {
    extension.activate({
      subscriptions: [],
      extensionPath: ROOT,
      extensionUri: anything,
      extension: { packageJSON: { version: '0.0.0' } },
      globalState: anything,
      workspaceState: anything,
      secrets: anything,
      storageUri: { fsPath: storage },
      globalStorageUri: { fsPath: storage },
    });
    await extension.deactivate();
  } finally {
    rmSync(storage, { recursive: true, force: true });
  }
  return registered;
}

/** The parts of VS Code's API that `code` names. They do nothing, but for what writes down what is registered. */
function standIn(code, { commands, customEditors, views }) {
  const recorders = {
    registerCommand: (id) => record(commands, id),
    registerCustomEditorProvider: (id) => record(customEditors, id),
    createTreeView: (id) => record(views, id),
  };
  const recording = new Proxy({}, { get: (_, key) => recorders[key] ?? anything });
  const named = [...code.matchAll(/\bvscode\d*\.(\w+)/g)].map(([, name]) => name);
  return {
    ...Object.fromEntries(named.map((name) => [name, anything])),
    commands: recording,
    window: recording,
  };
}

function record(list, id) {
  list.push(id);
  return { dispose: () => {} };
}

/** Can be called, constructed and asked for anything, and is that again. */
const anything = new Proxy(function standsForAnything() {}, {
  get: (_, key) => (key === 'then' ? undefined : key === Symbol.toPrimitive ? () => '' : anything),
  set: () => true,
  apply: () => anything,
  construct: () => anything,
});

async function bundle() {
  const { build } = createRequire(join(ROOT, 'package.json'))('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/extension.ts'],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    external: ['vscode', ...NATIVE],
    loader: TEXT_LOADERS,
    plugins: [kernelsForEsbuild],
    logLevel: 'error',
  });
  return outputFiles[0].text;
}

function load(code, require) {
  const module = new Module('extension');
  const run = new Function('module', 'exports', 'require', '__dirname', '__filename', code);
  run(module, module.exports, require, join(ROOT, 'dist'), join(ROOT, 'dist/extension.js'));
  return module.exports;
}
