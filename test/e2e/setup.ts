import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { TestProject } from 'vitest/node';
import manifest from '../../package.json';
import { ensureEnvironment } from '../../scripts/e2e/environment.mjs';

/** What the end-to-end tests work with; all paths. */
export interface Installation {
  readonly chromium: string;
  /** The Node that code-server asks for, and its program. */
  readonly node: string;
  readonly entry: string;
  /** A folder of extensions: ours, as packaged, and the probe. */
  readonly extensions: string;
  /** The extension's cache, where imported models go. */
  readonly cache: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly installation: Installation;
  }
}

const ROOT = join(import.meta.dirname, '../..');

/**
 * Vitest calls this once before the tests: makes what they need where it is missing, packages the extension and installs
 * the package. With `VILASR_VSIX` that package is installed instead.
 */
export function setup(project: TestProject): () => void {
  const environment = ensureEnvironment();
  const folder = mkdtempSync(join(tmpdir(), 'vilasr-e2e-'));
  const extensions = join(folder, 'extensions');
  const probe = join(import.meta.dirname, 'probe');
  // A folder is taken for an extension while there is no list of extensions; the first installation writes the list.
  cpSync(probe, join(extensions, basename(probe)), { recursive: true });
  const options = ['--extensions-dir', extensions, '--user-data-dir', join(folder, 'install')];
  execFileSync(environment.node, [environment.entry, ...options, '--install-extension', vsix()], {
    stdio: 'inherit',
    env: { ...process.env, XDG_CONFIG_HOME: join(folder, 'config') },
  });
  project.provide('installation', { ...environment, extensions, cache: join(folder, 'cache') });
  return () => rmSync(folder, { recursive: true, force: true });
}

function vsix(): string {
  const made = process.env.VILASR_VSIX;
  if (made) return made;
  execFileSync(process.execPath, ['scripts/package.mjs', '--target', 'linux-x64'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  return join(ROOT, 'dist/vsix', `${manifest.name}-linux-x64-${manifest.version}.vsix`);
}
