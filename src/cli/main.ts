import { Args } from './args';
import { CliError, EXIT, type ExitCode } from './cli-error';
import type { Command } from './command';
import { asCliError } from './explain-error';
import { commandHelp, mainHelp } from './help';
import type { Io } from './io';
import { didYouMean } from './suggest';
import { version } from './version';

/** Runs one command line (without node and script) and gives its exit code. Throws nothing that a user could cause. */
export async function main(argv: readonly string[], io: Io, commands: readonly Command[]): Promise<ExitCode> {
  try {
    return await dispatch(argv, io, commands);
  } catch (error) {
    const { exitCode, message } = asCliError(error);
    io.stderr.write(`vilasr: ${message}\n`);
    return exitCode;
  }
}

async function dispatch(argv: readonly string[], io: Io, commands: readonly Command[]): Promise<ExitCode> {
  if (argv.length === 0) {
    io.stderr.write(mainHelp(commands));
    return EXIT.badInput;
  }
  const [first = '', ...others] = argv;
  if (first === '--version') {
    io.stdout.write(`${version()}\n`);
    return EXIT.answered;
  }
  const wantsHelp = first === 'help' || isHelp(first);
  const words = wantsHelp ? others : argv;
  const command = commands.find(({ name }) => name.split(' ').every((word, i) => words[i] === word));
  if (command === undefined) {
    if (wantsHelp && words.length === 0) {
      io.stdout.write(mainHelp(commands));
      return EXIT.answered;
    }
    const group = commands.filter(({ name }) => name.startsWith(`${words[0]} `));
    const asksHelp = wantsHelp || (words.length > 1 && words.slice(1).every(isHelp));
    if (group.length > 0 && asksHelp) {
      io.stdout.write(mainHelp(group));
      return EXIT.answered;
    }
    throw unknownCommand(words, commands);
  }
  const rest = words.slice(command.name.split(' ').length);
  const end = rest.indexOf('--');
  if (wantsHelp || (end < 0 ? rest : rest.slice(0, end)).some(isHelp)) {
    io.stdout.write(commandHelp(command));
    return EXIT.answered;
  }
  try {
    return await command.run(Args.parse(rest, command.options), io);
  } catch (error) {
    const { exitCode, message, usage } = asCliError(error);
    throw new CliError(exitCode, usage ? `${message}\nTry: vilasr ${command.name} --help` : message);
  }
}

const isHelp = (word: string): boolean => word === '--help' || word === '-h';

function unknownCommand(words: readonly string[], commands: readonly Command[]): CliError {
  const [first = ''] = words;
  const group = commands.filter(({ name }) => name.startsWith(`${first} `));
  const names = commands.map(({ name }) => name);
  const typed = group.length > 0 ? words.slice(0, 2).join(' ') : first;
  const hint = didYouMean(typed, group.length > 0 ? group.map(({ name }) => name) : names, 'vilasr ');
  const choices = (group.length > 0 ? group.map(({ name }) => name) : names).join(', ');
  return new CliError(EXIT.badInput, `There is no command "${typed}".${hint} Commands: ${choices}.`);
}
