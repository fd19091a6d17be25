import type { Command } from './command';
import { benchmark } from './commands/benchmark';
import { check } from './commands/check';
import { evaluate } from './commands/eval';
import { exportCommand } from './commands/export';
import { modelBench } from './commands/model-bench';
import { modelCheck } from './commands/model-check';
import { modelDownload } from './commands/model-download';
import { modelImport } from './commands/model-import';
import { modelList } from './commands/model-list';
import { modelRemove } from './commands/model-remove';
import { profileCapture } from './commands/profile-capture';
import { report } from './commands/report';
import { run } from './commands/run';
import { sample } from './commands/sample';
import { score } from './commands/score';
import { select } from './commands/select';
import { synth } from './commands/synth';

/** All that `vilasr` does. */
export const COMMANDS: readonly Command[] = [
  run,
  evaluate,
  sample,
  select,
  score,
  benchmark,
  synth,
  check,
  report,
  exportCommand,
  modelCheck,
  modelDownload,
  modelImport,
  modelList,
  modelRemove,
  modelBench,
  profileCapture,
];
