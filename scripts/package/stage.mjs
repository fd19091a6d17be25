/** Lays out what one target's package is made of, in a folder of its own. */
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../setup.mjs';
import { checkNativeFiles } from './native-files.mjs';
import { copyPackages } from './native-packages.mjs';

/** Packages with native parts. All others are bundled into dist/. */
const NATIVE_PACKAGES = ['onnxruntime-node', 'sharp'];

/** What of the repository `.vscodeignore` chooses from. */
const CONTENT = ['.vscodeignore', 'CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'docs', 'l10n', 'media'];

/**
 * A file of onnxruntime-node that nothing loads, though it is for the target: on macOS a second copy of the library, which is
 * a link where it was built; the binding asks for the other name.
 */
const NEVER_LOADED = /\/libonnxruntime\.\d+\.\d+\.\d+\.dylib$/;

/** Values of `vilasr.model.provider` that only these targets have: see `whyNotHere` in src/engine/expert-providers.ts. */
const EXPERTS = { cuda: /^linux-x64$/, dml: /^win32-/, coreml: /^darwin-arm64$/ };

/** Fills the empty `folder` for `target`, of `TARGETS`. Throws `SetupError` if the target's native parts cannot be had. */
export function stage(folder, target) {
  for (const name of CONTENT) {
    if (!existsSync(join(ROOT, name))) continue;
    // Packages that were made before are no part of this one.
    const filter = (source) => !source.endsWith('.vsix');
    cpSync(join(ROOT, name), join(folder, name), { recursive: true, filter });
  }
  for (const name of readdirSync(ROOT).filter((one) => /^package\.nls(?:\..+)?\.json$/.test(one))) {
    cpSync(join(ROOT, name), join(folder, name));
  }
  writeManifest(folder, target.name);
  copyPackages(NATIVE_PACKAGES, target, folder, isLoaded(target));
  return checkNativeFiles(folder, target, [
    /^node_modules\/onnxruntime-node\/.*\/onnxruntime_binding\.node$/,
    /^node_modules\/onnxruntime-node\/.*onnxruntime\.(?:dll|so\.1|1\.dylib)$/,
    /^node_modules\/@img\/sharp-[^/]*\/lib\/sharp-.*\.node$/,
    /^node_modules\/@img\/.*libvips-.*\.(?:dll|so|dylib)[.\d]*$/,
  ]);
}

/** The extension's manifest without what concerns its development, or other systems. */
function writeManifest(folder, target) {
  const { scripts, devDependencies, files, bin, dependencies, ...manifest } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  );
  listProviders(manifest, target);
  const kept = Object.fromEntries(NATIVE_PACKAGES.map((name) => [name, dependencies[name]]));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, dependencies: kept }, null, 2));
}

function listProviders({ contributes }, target) {
  for (const { properties } of [contributes.configuration].flat()) {
    const setting = properties['vilasr.model.provider'];
    if (setting === undefined) continue;
    const isThere = (_, i) => EXPERTS[all[i]]?.test(target) ?? true;
    const all = setting.enum;
    setting.enum = all.filter(isThere);
    setting.markdownEnumDescriptions = setting.markdownEnumDescriptions.filter(isThere);
  }
}

/** onnxruntime-node holds the binaries of all systems. */
function isLoaded({ os, cpu }) {
  return (path) => {
    const [, system] = /\/onnxruntime-node\/bin\/[^/]+\/([^/]+(?:\/[^/]+)?)/.exec(path) ?? [];
    return (system === undefined || `${os}/${cpu}`.startsWith(system)) && !NEVER_LOADED.test(path);
  };
}
