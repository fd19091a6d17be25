/**
 * Shows what it is all about, from a bare clone: the bundled model looks at a maze and at a scene, draws on them, looks
 * again and answers. Leaves the drawn images and the traces in demo-out.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies, entry, ROOT, run, SetupError } from './setup.mjs';

const SAMPLES = join(ROOT, 'media/samples');
const OUT = 'demo-out';
const TRACES = join(OUT, 'demo.traces.jsonl');
/** The sample's picture without its ending. */
const nameOf = (row) => row.image_path[0].replace(/\.png$/, '');

entry(() => {
  ensureDependencies();
  run('The build', process.execPath, ['scripts/build.mjs']);
  rmSync(join(ROOT, OUT), { recursive: true, force: true });
  const rows = readFileSync(join(SAMPLES, 'questions.jsonl'), 'utf8').trim().split('\n').map(JSON.parse);
  for (const row of rows) show(row);
  console.log(`
The images as the model saw them, one a drawing turn, and the traces:
${rows.map((row) => `  ${join(OUT, nameOf(row))}/image-1.png, image-2.png, …`).join('\n')}
  ${TRACES}

Ask your own question:  node dist/cli.js run IMAGE --question TEXT
See what else there is: node dist/cli.js --help`);
});

function show(row) {
  const { question, options, problem_type, answer } = row;
  console.log(
    `\n${'='.repeat(72)}\n${row.image_path[0]}: ${question}\n${options.join('\n')}\n${'-'.repeat(72)}`,
  );
  const args = [
    'run',
    join('media/samples', row.image_path[0]),
    ...['--question', question],
    ...options.flatMap((option) => ['--option', option]),
    ...['--type', problem_type.replace(' ', '-')],
    ...['--out', TRACES],
    ...['--images-out', join(OUT, nameOf(row))],
  ];
  const { status } = spawnSync(process.execPath, ['dist/cli.js', ...args], { cwd: ROOT, stdio: 'inherit' });
  // Not answering (1) is something the model may do; anything else is a failure of the program.
  if (status !== 0 && status !== 1) throw new SetupError('The demo failed.');
  console.log(`(The right answer is ${answer}.)`);
}
