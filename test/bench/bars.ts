import { loadavg } from 'node:os';

/** Says of each figure whether it is within its bar, and remembers whether all were. */
export class Bars {
  private over: string[] = [];

  /** `figure` may be at most `bar`. */
  most(what: string, figure: number, bar: number, unit: string): void {
    this.say(what, figure, bar, unit, figure <= bar, 'at most');
  }

  /** `figure` has to be at least `bar`. */
  least(what: string, figure: number, bar: number, unit: string): void {
    this.say(what, figure, bar, unit, figure >= bar, 'at least');
  }

  /** Names of those that were not within; empty if all were. */
  get missed(): readonly string[] {
    return this.over;
  }

  private say(what: string, figure: number, bar: number, unit: string, isWithin: boolean, how: string): void {
    if (!isWithin) this.over.push(what);
    console.log(
      `${isWithin ? 'within' : 'OVER  '}  ${what}: ${shorten(figure)}${unit} (${how} ${bar}${unit})`,
    );
  }
}

/** A figure that has no bar. */
export const note = (what: string, figure: number, unit: string): void =>
  console.log(`        ${what}: ${shorten(figure)}${unit}`);

/** How busy the machine is: figures of a busy one say little. */
export const noteLoad = (): void => note('load of the machine', loadavg()[0] ?? Number.NaN, '');

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

const shorten = (figure: number): string => figure.toFixed(Math.abs(figure) < 10 ? 2 : 0);
