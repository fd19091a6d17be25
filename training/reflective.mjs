/**
 * The reflective stage, whole, on the bundled model: candidates of new worlds are sampled, those that are right, well-formed
 * and reflective are kept and exported, LLaMA-Factory trains the model on with the settings that were exported, and other new
 * worlds show what came of it.
 *
 *     node training/reflective.mjs OUT
 *
 * Each step leaves its outcome in the folder OUT; what is there is not done again, so it stops and resumes at any time. The
 * table is printed at the end.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureLlamaFactory } from '../scripts/python.mjs';
import { ensureDependencies, entry, ROOT, run, SetupError } from '../scripts/setup.mjs';

const BUNDLED = join(ROOT, 'media/model');
const PROFILE = 'vilasr_profile.json';
const FAMILIES = [
  { family: 'scene', seed: 20262, evalSeed: 20272 },
  { family: 'maze', seed: 20261, evalSeed: 20271 },
];
/** Worlds of a family to be sampled, and as many others to be evaluated. */
const WORLDS = 250;
const CANDIDATES = 8;
/** The settings are those that are exported for this stage but for these: so small a model learns nothing at a 7B's rate. */
const LEARNING_RATE = 1e-4;

entry(([folder]) => {
  if (folder === undefined) throw new SetupError('Usage: node training/reflective.mjs OUT');
  const out = resolve(folder);
  ensureDependencies();
  if (!existsSync(join(ROOT, 'dist/cli.js'))) run('The build', process.execPath, ['scripts/build.mjs']);
  mkdirSync(join(out, 'sets'), { recursive: true });
  mkdirSync(join(out, 'evals'), { recursive: true });
  const at = (...path) => join(out, ...path);
  const step = (made, work) => {
    if (existsSync(at(made))) return;
    console.log(`\n${made}`);
    work(at(made));
  };
  const vilasr = (...args) =>
    run('vilasr', process.execPath, [join(ROOT, 'dist/cli.js'), ...args], { cwd: out });

  for (const { family, seed, evalSeed } of FAMILIES) {
    const make = (to, from) => vilasr('synth', family, '--count', WORLDS, '--seed', from, '--out', to);
    step(`worlds/${family}`, (to) => make(to, seed));
    step(`eval/${family}`, (to) => make(to, evalSeed));
    // Unless the set is whole, it goes on.
    const set = `sets/${family}.traces.jsonl`;
    if (!isWhole(at(set), WORLDS * CANDIDATES))
      vilasr(
        'sample',
        `worlds/${family}/questions.jsonl`,
        '-n',
        CANDIDATES,
        '--seed',
        1,
        '--weights',
        'fp32',
        '--out',
        set,
      );
    step(`kept-${family}.traces.jsonl`, (to) => vilasr('select', set, '--for', 'reflective', '--out', to));
  }
  step('kept.traces.jsonl', (to) => {
    const kept = FAMILIES.map(({ family }) => readFileSync(at(`kept-${family}.traces.jsonl`), 'utf8'));
    writeFileSync(to, kept.join(''));
  });
  step('sft', (to) => {
    const words = ['--profile', join(BUNDLED, PROFILE)];
    vilasr('export', 'kept.traces.jsonl', '--for', 'llamafactory', '--all', ...words, '--out', to);
  });
  step('model', (to) => train(at('sft'), to));
  const models = { before: BUNDLED, after: at('model') };
  for (const [when, model] of Object.entries(models)) {
    for (const { family } of FAMILIES) {
      const traces = `evals/${when}-${family}.traces.jsonl`;
      if (isWhole(at(traces), WORLDS)) continue;
      const how = ['--model', model, '--weights', 'fp32', '--out', traces];
      vilasr('eval', `eval/${family}/questions.jsonl`, ...how);
    }
  }
  console.log(`\n${table((when, family) => measure(at(`evals/${when}-${family}.traces.jsonl`)))}`);
});

function isWhole(path, lines) {
  return existsSync(path) && linesOf(readFileSync(path, 'utf8')).length === lines;
}

/** Trains with the settings of the reflective stage. The folder has its name when it is whole. */
function train(data, to) {
  const partial = `${to}.partial`;
  rmSync(partial, { recursive: true, force: true });
  const settings = [
    `model_name_or_path=${BUNDLED}`,
    `dataset_dir=${data}`,
    `output_dir=${partial}`,
    `learning_rate=${LEARNING_RATE}`,
    'bf16=false',
    'use_cpu=true',
    "save_strategy='no'",
  ];
  const program = `import torch
# A PyTorch without CUDA has a torchaudio beside it that may refuse it; no sound is heard here.
cuda, torch.version.cuda = torch.version.cuda, None
import torchaudio
torch.version.cuda = cuda
from llamafactory.train.tuner import run_exp
run_exp()`;
  run('LLaMA-Factory', ensureLlamaFactory(), ['-c', program, join(data, 'reflective.yaml'), ...settings], {
    env: { ...process.env, HF_HUB_OFFLINE: '1', OMP_NUM_THREADS: '2' },
  });
  copyFileSync(join(BUNDLED, PROFILE), join(partial, PROFILE));
  renameSync(partial, to);
}

/** Means over the traces of an evaluation, as `vilasr score` has them. */
function measure(traces) {
  const scored = spawnSync(process.execPath, [join(ROOT, 'dist/cli.js'), 'score', traces, '--json'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const scores = linesOf(scored.stdout).map((line) => JSON.parse(line));
  const mean = (of) => scores.reduce((sum, score) => sum + of(score), 0) / scores.length;
  return {
    accuracy: mean(({ accuracy }) => accuracy),
    reflection: mean(({ behaviour }) => Number(behaviour.revisions > 0)),
    turns: mean(({ behaviour }) => behaviour.turns),
    boxes: mean(({ behaviour }) => behaviour.boxes),
    lines: mean(({ behaviour }) => behaviour.lines),
  };
}

function linesOf(text) {
  return text.split('\n').filter((line) => line !== '');
}

function table(measured) {
  const rows = FAMILIES.flatMap(({ family }) =>
    ['before', 'after'].map((when) => {
      const { accuracy, reflection, turns, boxes, lines } = measured(when, family);
      const percent = (share) => `${(share * 100).toFixed(1)} %`;
      const cells = [family, when, percent(accuracy), percent(reflection)];
      return `| ${[...cells, ...[turns, boxes, lines].map((n) => n.toFixed(2))].join(' | ')} |`;
    }),
  );
  return [
    '| worlds | training | accuracy | reflective | turns | boxes | lines |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
