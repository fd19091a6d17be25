import type { Args, OptionSpec } from './args';
import type { ExitCode } from './cli-error';
import type { Io } from './io';

/** One thing that `vilasr` does. */
export interface Command {
  /** As it is typed, as in `model check`. */
  readonly name: string;
  /** What follows the name, as in `IMAGE... --question TEXT [options]`. */
  readonly usage: string;
  /** One line. */
  readonly summary: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** More for the command's help. */
  readonly notes?: string;
  /** Without `vilasr` and the name. */
  readonly examples: readonly string[];
  run(args: Args, io: Io): Promise<ExitCode>;
}
