/** Lays out what one target's package is made of, in a folder of its own. */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm, ROOT } from '../setup.mjs';
import { checkNativeFiles } from './native-files.mjs';

/** Packages with native parts. All others are bundled into dist/. */
const NATIVE_PACKAGES = ['onnxruntime-node', 'sharp'];

/** What of the repository `.vscodeignore` chooses from. */
const CONTENT = ['.vscodeignore', 'CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'docs', 'l10n', 'media'];

/**
 * Files of onnxruntime-node that nothing loads, though they are for the target. Windows: the GPU providers' (onnxruntime.dll
 * asks for DirectML.dll and the shader compiler when it first uses such a provider, and the engine has `cpu` alone). macOS:
 * a second copy of the library, which is a link where it was built; the binding asks for the other name.
 */
const NEVER_LOADED = /\/(?:DirectML|dxcompiler|dxil)\.dll$|\/libonnxruntime\.\d+\.\d+\.\d+\.dylib$/;

/** Fills the empty `folder` for `target`, of `TARGETS`. Throws `SetupError` if the target's native parts cannot be had. */
export function stage(folder, target) {
  for (const name of CONTENT) {
    if (existsSync(join(ROOT, name))) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  }
  for (const name of readdirSync(ROOT).filter((one) => /^package\.nls(?:\..+)?\.json$/.test(one))) {
    cpSync(join(ROOT, name), join(folder, name));
  }
  writeManifests(folder);
  installNativePackages(folder, target);
  removeWhatIsNotLoaded(folder, target);
  return checkNativeFiles(folder, target, [
    /^node_modules\/onnxruntime-node\/.*\/onnxruntime_binding\.node$/,
    /^node_modules\/onnxruntime-node\/.*onnxruntime\.(?:dll|so\.1|1\.dylib)$/,
    /^node_modules\/@img\/sharp-[^/]*\/lib\/sharp-.*\.node$/,
    /^node_modules\/@img\/.*libvips-.*\.(?:dll|so|dylib)[.\d]*$/,
  ]);
}

/** The extension's manifest without what concerns its development, and the lock file to match. */
function writeManifests(folder) {
  const { scripts, devDependencies, files, bin, dependencies, ...manifest } = readJson('package.json');
  const kept = Object.fromEntries(NATIVE_PACKAGES.map((name) => [name, dependencies[name]]));
  const lock = readJson('package-lock.json');
  const { name, version } = manifest;
  lock.packages[''] = { name, version, dependencies: kept };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, dependencies: kept }, null, 2));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
}

/** npm takes the target's packages, whatever system this is, and holds them to the lock file's hashes. */
function installNativePackages(folder, { name, os, cpu, libc }) {
  npm(
    `Fetching the native parts for ${name}`,
    [
      'ci',
      ...['--omit=dev', '--ignore-scripts', '--loglevel=error'],
      ...[`--os=${os}`, `--cpu=${cpu}`],
      ...(libc === undefined ? [] : [`--libc=${libc}`]),
    ],
    { cwd: folder },
  );
}

function removeWhatIsNotLoaded(folder, { os, cpu }) {
  const runtime = join(folder, 'node_modules/onnxruntime-node/bin');
  for (const entry of readdirSync(runtime, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name).replaceAll('\\', '/');
    if (!path.includes(`/${os}/${cpu}/`) || NEVER_LOADED.test(path)) rmSync(path);
  }
}

function readJson(path) {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}
