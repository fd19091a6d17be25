import { describe, expect, it } from 'vitest';
import { Args } from '../../../src/cli/args';
import { CliError, EXIT } from '../../../src/cli/cli-error';

const OPTIONS = {
  out: { value: 'FILE', help: '' },
  option: { value: 'TEXT', multiple: true, help: '' },
  json: { help: '' },
  seed: { value: 'N', help: '' },
  size: { value: '3..5', help: '' },
  weights: { value: 'fp32|int8', help: '' },
} as const;

const parse = (...argv: string[]) => Args.parse(argv, OPTIONS);

/** The message of the usage error that `work` throws. */
function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(CliError);
    if (!(error instanceof CliError)) throw error;
    expect(error).toMatchObject({ exitCode: EXIT.badInput, usage: true });
    return error.message;
  }
  throw new Error('nothing was refused');
}

describe('options', () => {
  it('take a value after a blank or an equals sign', () => {
    expect(parse('--out', 'a').text('out')).toBe('a');
    expect(parse('--out=a=b').text('out')).toBe('a=b');
  });

  it('take a value that begins with a dash', () => {
    expect(parse('--seed', '-3').text('seed')).toBe('-3');
    expect(parse('--out', '--strange').text('out')).toBe('--strange');
    expect(parse('--out=--json').text('out')).toBe('--json');
  });

  it('that may be given more than once keep their order', () =>
    expect(parse('--option', 'B', '--option', 'A').all('option')).toEqual(['B', 'A']));

  it('that are flags are set or not', () => {
    expect(parse('--json').flag('json')).toBe(true);
    expect(parse().flag('json')).toBe(false);
  });

  it('end at --', () => expect(parse('a', '--', '--json').positionals).toEqual(['a', '--json']));

  it.each([
    [['--jsn'], 'Unknown option --jsn. Did you mean --json?'],
    [['--weight', 'int8'], 'Unknown option --weight. Did you mean --weights?'],
    [['--frobnicate'], 'Unknown option --frobnicate.'],
    [['--constructor'], 'Unknown option --constructor.'],
    [['-j'], 'Unknown option -j. Did you mean --json?'],
    [['--out'], '--out needs a value: --out FILE.'],
    [['--out', '--json'], '--out needs a value: --out FILE.'],
    [['--json=yes'], '--json takes no value.'],
    [['--out', 'a', '--out', 'b'], '--out is given twice.'],
  ])('%j are refused', (argv, message) => expect(refusal(() => parse(...argv))).toBe(message));
});

describe('values', () => {
  it('that are numbers are read', () => {
    expect(parse('--seed', '12').whole('seed', { min: 1 })).toBe(12);
    expect(parse('--seed', '.5').number('seed')).toBe(0.5);
    expect(parse('--seed', '1e-3').number('seed')).toBe(0.001);
    expect(parse().whole('seed')).toBeNull();
  });

  it.each(['1.5', 'x', '', '0x10', '1e3', ' 1', '9007199254740993'])('%j is no whole number', (value) =>
    expect(refusal(() => parse(`--seed=${value}`).whole('seed'))).toBe(
      `--seed is "${value}", but must be a whole number.`,
    ),
  );

  it.each(['NaN', 'Infinity', '1e999', '.', '1_000'])('%j is no number', (value) =>
    expect(refusal(() => parse(`--seed=${value}`).number('seed'))).toBe(
      `--seed is "${value}", but must be a number.`,
    ),
  );

  it('out of bounds are refused with the bounds', () =>
    expect(refusal(() => parse('--seed=1.5').number('seed', { min: 0, max: 1 }))).toBe(
      '--seed is "1.5", but must be a number of 0 or more, at most 1.',
    ));

  it('that are ranges are spelt out', () => {
    const bounds = { min: 3, max: 5 };
    expect(parse('--size', '3..5').range('size', bounds)).toEqual([3, 4, 5]);
    expect(parse('--size', '4').range('size', bounds)).toEqual([4]);
    for (const value of ['5..3', '2..4', '3..6', '3-5', '..5', '']) {
      expect(refusal(() => parse(`--size=${value}`).range('size', bounds))).toBe(
        `--size is "${value}", but must be a number or range within 3..5.`,
      );
    }
  });

  it('must be among the choices', () => {
    expect(parse('--weights', 'int8').choice('weights', ['fp32', 'int8'])).toBe('int8');
    expect(refusal(() => parse('--weights', 'int9').choice('weights', ['fp32', 'int8']))).toBe(
      '--weights is "int9", but must be one of fp32, int8. Did you mean int8?',
    );
  });

  it('that must be there are asked for', () =>
    expect(refusal(() => parse().required('out'))).toBe('--out is missing.'));
});

it('counts the words that are no options', () => {
  expect(parse('a', '--json', 'b').expectWords('A file', 1, 2)).toEqual(['a', 'b']);
  expect(refusal(() => parse().expectWords('A file', 1, 1))).toBe('A file is missing.');
  expect(refusal(() => parse('a', 'b').expectWords('A file', 1, 1))).toBe('"b" is one word too many.');
});
