/** What a command ends with; the numbers are its exit codes. */
export const EXIT = {
  answered: 0,
  /** The model gave no answer, or the command was cancelled. */
  notAnswered: 1,
  badInput: 2,
  engineFailed: 3,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The one error that commands end with. `message` is for people: what happened, where, what to do. */
export class CliError extends Error {
  override readonly name = 'CliError';

  constructor(
    readonly exitCode: ExitCode,
    message: string,
    /** Whether the command line itself is at fault, so that the command's help is of use. */
    readonly usage = false,
  ) {
    super(message);
  }
}

/** The command line asks for what cannot be. */
export function badUsage(message: string): CliError {
  return new CliError(EXIT.badInput, message, true);
}

/** A file or folder that the command line names is not what it should be. */
export function badInput(message: string): CliError {
  return new CliError(EXIT.badInput, message);
}
