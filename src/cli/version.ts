import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version of the package that this bundle belongs to. */
export function version(): string {
  const text = readFileSync(join(__dirname, '..', 'package.json'), 'utf8');
  const json: unknown = JSON.parse(text);
  const isPackage = typeof json === 'object' && json !== null && 'version' in json;
  return isPackage ? String(json.version) : 'unknown';
}
