/**
 * Makes media/samples, the pictures and questions of the demo: one maze and one scene that `vilasr synth` generates.
 *
 *   node scripts/build.mjs && node scripts/make-samples.mjs
 */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, run } from './setup.mjs';

/** The worlds to take, of those that the bundled model answers right: number `index` of the series that `seed` names. */
const SAMPLES = [
  { family: 'maze', seed: 271828, index: 49 },
  { family: 'scene', seed: 271828, index: 31 },
];

const folder = mkdtempSync(join(tmpdir(), 'vilasr-samples-'));
const rows = SAMPLES.map(({ family, seed, index }) => {
  const out = join(folder, family);
  const args = ['synth', family, '--count', String(index + 1), '--seed', String(seed), '--out', out];
  run('vilasr synth', process.execPath, [join(ROOT, 'dist/cli.js'), ...args]);
  const row = JSON.parse(readFileSync(join(out, 'questions.jsonl'), 'utf8').trim().split('\n')[index]);
  copyFileSync(join(out, row.image_path[0]), join(ROOT, 'media/samples', `${family}.png`));
  return { ...row, image_path: [`${family}.png`] };
});
writeFileSync(
  join(ROOT, 'media/samples/questions.jsonl'),
  rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
);
rmSync(folder, { recursive: true });
