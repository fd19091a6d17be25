import type { Command } from './command';
import { check } from './commands/check';
import { evaluate } from './commands/eval';
import { exportCommand } from './commands/export';
import { modelCheck } from './commands/model-check';
import { modelImport } from './commands/model-import';
import { profileCapture } from './commands/profile-capture';
import { run } from './commands/run';
import { synth } from './commands/synth';

/** All that `vilasr` does. */
export const COMMANDS: readonly Command[] = [
  run,
  evaluate,
  synth,
  check,
  exportCommand,
  modelCheck,
  modelImport,
  profileCapture,
];
