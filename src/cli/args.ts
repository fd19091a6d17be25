import { parseArgs } from 'node:util';
import { badUsage } from './cli-error';
import { didYouMean } from './suggest';

/** An option of a command: a flag, or one that takes a value. */
export interface OptionSpec {
  /** What stands for the value in help, as in `DIR`; none for a flag. */
  readonly value?: string;
  /** A letter that stands for it, as in `-n 8`. */
  readonly short?: string;
  /** Whether it may be given more than once. */
  readonly multiple?: true;
  readonly help: string;
}

/** Bounds of a number, both included. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/**
 * The command line of a command, checked: only options it has, each with a value if it takes one, none twice that may
 * not be. Everything here throws `CliError` (bad usage) that names the option, what it got and what it takes.
 */
export class Args {
  private constructor(
    readonly positionals: readonly string[],
    private readonly values: ReadonlyMap<string, readonly string[]>,
  ) {}

  static parse(argv: readonly string[], options: Readonly<Record<string, OptionSpec>>): Args {
    const config = Object.fromEntries(
      Object.entries(options).map(([name, { value, short }]) => [
        name,
        {
          type: value === undefined ? ('boolean' as const) : ('string' as const),
          ...(short !== undefined && { short }),
        },
      ]),
    );
    const { tokens } = parseArgs({
      args: [...argv],
      options: config,
      strict: false,
      allowPositionals: true,
      tokens: true,
    });
    const positionals: string[] = [];
    const values = new Map<string, string[]>();
    for (const token of tokens) {
      if (token.kind === 'positional') positionals.push(token.value);
      if (token.kind !== 'option') continue;
      const { name, rawName, value, inlineValue } = token;
      const known = Object.hasOwn(options, name) ? options[name] : undefined;
      const spec = rawName.startsWith('--') || rawName === `-${known?.short}` ? known : undefined;
      if (spec === undefined) {
        throw badUsage(`Unknown option ${rawName}.${didYouMean(name, Object.keys(options), '--')}`);
      }
      const given = values.get(name) ?? [];
      if (given.length > 0 && !spec.multiple) throw badUsage(`--${name} is given twice.`);
      values.set(name, [...given, checkValue(name, spec, value, inlineValue === true, options)]);
    }
    return new Args(positionals, values);
  }

  flag(name: string): boolean {
    return this.values.has(name);
  }

  text(name: string): string | null {
    return this.values.get(name)?.[0] ?? null;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === null) throw badUsage(`--${name} is missing.`);
    return value;
  }

  all(name: string): readonly string[] {
    return this.values.get(name) ?? [];
  }

  choice<T extends string>(name: string, choices: readonly T[]): T | null {
    const value = this.text(name);
    if (value === null) return null;
    const choice = choices.find((one) => one === value);
    if (choice !== undefined) return choice;
    throw badUsage(
      `--${name} is "${value}", but must be one of ${choices.join(', ')}.${didYouMean(value, choices)}`,
    );
  }

  /** A whole number. */
  whole(name: string, bounds: Bounds = {}): number | null {
    return this.numeric(name, /^[+-]?\d+$/, 'a whole number', bounds);
  }

  number(name: string, bounds: Bounds = {}): number | null {
    return this.numeric(name, /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/, 'a number', bounds);
  }

  /** `FROM..TO` or a single number, as the whole numbers it holds. */
  range(name: string, bounds: { readonly min: number; readonly max: number }): readonly number[] | null {
    const value = this.text(name);
    if (value === null) return null;
    const match = /^(\d+)(?:\.\.(\d+))?$/.exec(value);
    const from = Number(match?.[1]);
    const to = Number(match?.[2] ?? match?.[1]);
    if (match === null || from > to || from < bounds.min || to > bounds.max) {
      const whole = `${bounds.min}..${bounds.max}`;
      throw badUsage(`--${name} is "${value}", but must be a number or range within ${whole}.`);
    }
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  }

  /** Throws unless there are at least `min` and at most `max` words besides options; `what` names them. */
  expectWords(what: string, min: number, max: number): readonly string[] {
    const { positionals } = this;
    if (positionals.length < min) throw badUsage(`${what} is missing.`);
    const extra = positionals[max];
    if (extra !== undefined) throw badUsage(`"${extra}" is one word too many.`);
    return positionals;
  }

  private numeric(name: string, form: RegExp, what: string, { min, max }: Bounds): number | null {
    const value = this.text(name);
    if (value === null) return null;
    const number = Number(value);
    const inBounds =
      number >= (min ?? -Number.MAX_SAFE_INTEGER) && number <= (max ?? Number.MAX_SAFE_INTEGER);
    if (form.test(value) && inBounds) return number;
    const bounds = [
      min === undefined ? '' : ` of ${min} or more`,
      max === undefined ? '' : `, at most ${max}`,
    ];
    throw badUsage(`--${name} is "${value}", but must be ${what}${bounds.join('')}.`);
  }
}

function checkValue(
  name: string,
  { value: what }: OptionSpec,
  value: string | undefined,
  inline: boolean,
  options: Readonly<Record<string, OptionSpec>>,
): string {
  if (what === undefined) {
    if (inline) throw badUsage(`--${name} takes no value.`);
    return '';
  }
  // An option in the place of a value means that the value was forgotten; `--name=--value` says that it was not.
  const isOption =
    !inline && value?.startsWith('--') && Object.hasOwn(options, value.slice(2).split('=')[0] ?? '');
  if (value === undefined || isOption) throw badUsage(`--${name} needs a value: --${name} ${what}.`);
  return value;
}
