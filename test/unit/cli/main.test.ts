import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/cli/cli-error';
import type { Command } from '../../../src/cli/command';
import { main } from '../../../src/cli/main';
import { DataError } from '../../../src/dataset/data-error';
import { EngineError, type EngineErrorKind } from '../../../src/engine/engine';
import { ImageError } from '../../../src/image/pixel-service';
import { ProfileError } from '../../../src/reason/profile';
import { memoryIo } from './memory-io';

const command = (name: string, run: Command['run']): Command => ({
  name,
  usage: 'FILE [options]',
  summary: `Does ${name}.`,
  options: { out: { value: 'DIR', help: 'where to' }, json: { help: 'as JSON' } },
  examples: ['a.png --json'],
  run,
});

const echo = command('run', async (args, io) => {
  io.stdout.write(args.positionals.join(' '));
  return EXIT.notAnswered;
});
const check = command('model check', async () => EXIT.answered);
const failing = (error: unknown) => command('fail', () => Promise.reject(error));

async function vilasr(argv: string[], commands: Command[] = [echo, check]) {
  const io = memoryIo();
  const exitCode = await main(argv, io, commands);
  return { exitCode, out: io.out(), err: io.err() };
}

describe('a command line', () => {
  it('runs the command that it names and ends with its exit code', async () =>
    expect(await vilasr(['run', 'a', 'b'])).toEqual({ exitCode: 1, out: 'a b', err: '' }));

  it('may name a command of two words', async () =>
    expect((await vilasr(['model', 'check'])).exitCode).toBe(0));

  it.each([
    [['rum'], 'There is no command "rum". Did you mean vilasr run? Commands: run, model check.'],
    [['model'], 'There is no command "model". Did you mean vilasr model check? Commands: model check.'],
    [
      ['model', 'chek'],
      'There is no command "model chek". Did you mean vilasr model check? Commands: model check.',
    ],
    [['xyzzy'], 'There is no command "xyzzy". Commands: run, model check.'],
  ])('%j names no command', async (argv, message) =>
    expect(await vilasr(argv)).toEqual({ exitCode: 2, out: '', err: `vilasr: ${message}\n` }),
  );

  it('that is wrong points to the help of its command', async () =>
    expect(await vilasr(['run', '--jso'])).toEqual({
      exitCode: 2,
      out: '',
      err: 'vilasr: Unknown option --jso. Did you mean --json?\nTry: vilasr run --help\n',
    }));

  it('without words is told how to go on, and is bad input', async () => {
    const { exitCode, out, err } = await vilasr([]);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err).toContain('Usage: vilasr COMMAND');
  });
});

describe('help', () => {
  const HELP = `Usage: vilasr run FILE [options]

Does run.

Options (defaults in parentheses):
  --out DIR  where to
  --json     as JSON

Examples:
  vilasr run a.png --json
`;

  it.each([[['run', '--help']], [['help', 'run']], [['--help', 'run']], [['run', 'a', '-h', '--bad']]])(
    'for a command: %j',
    async (argv) => expect(await vilasr(argv)).toEqual({ exitCode: 0, out: HELP, err: '' }),
  );

  it.each([[['--help']], [['help']], [['-h']]])('for all commands: %j', async (argv) => {
    const { exitCode, out } = await vilasr(argv);
    expect(exitCode).toBe(0);
    expect(out).toContain('  run          Does run.\n  model check  Does model check.\n');
  });

  it('is not what a word after -- asks for', async () =>
    expect((await vilasr(['run', '--', '--help'])).out).toBe('--help'));
});

describe('an error', () => {
  it.each<[EngineErrorKind, number]>([
    ['cancelled', 1],
    ['bad-request', 2],
    ['bad-model', 2],
    ['no-space', 3],
    ['out-of-memory', 3],
    ['killed', 3],
    ['crashed', 3],
    ['hung', 3],
    ['unreachable', 3],
    ['access', 2],
    ['refused', 2],
    ['busy', 3],
    ['server', 3],
  ])('of the engine, %s, gives exit code %i', async (kind, exitCode) =>
    expect(await vilasr(['fail'], [failing(new EngineError(kind, 'It broke.'))])).toEqual({
      exitCode,
      out: '',
      err: 'vilasr: It broke.\n',
    }),
  );

  it.each([new DataError('No file.'), new ImageError('No image.'), new ProfileError('No profile.')])(
    'in what was given, %s, is bad input',
    async (error) =>
      expect(await vilasr(['fail'], [failing(error)])).toMatchObject({
        exitCode: 2,
        err: `vilasr: ${error.message}\n`,
      }),
  );

  it('that nobody expected is told without its stack', async () =>
    expect(await vilasr(['fail'], [failing(new TypeError('x is not a function'))])).toEqual({
      exitCode: 3,
      out: '',
      err: 'vilasr: Something went wrong that should not have: x is not a function\n',
    }));
});
