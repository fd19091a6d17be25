import { type Drawing, isLine } from '../../../src/trace/drawing';

const GROUPED = new Intl.NumberFormat('en');

/** A whole number with its thousands set apart. */
export function formatCount(count: number): string {
  return GROUPED.format(count);
}

/** A coordinate as it is written, but for long fractions and numbers of many digits. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return String(value);
  return Math.abs(value) < 1e7 ? String(Number(value.toFixed(2))) : value.toExponential(2);
}

/** Numbers with commas between them. */
export function formatNumbers(numbers: readonly number[]): string {
  return numbers.map(formatNumber).join(', ');
}

/** The numbers of a drawing: `10, 20, 30, 40`, or `10, 20 → 30, 40` for a line. */
export function formatCoordinates(drawing: Drawing): string {
  return isLine(drawing)
    ? `${formatNumbers(drawing.start_point_2d)} → ${formatNumbers(drawing.end_point_2d)}`
    : formatNumbers(drawing.bbox_2d);
}

/** A length of time in seconds: `0.4 s`, `12 s`, `2 min 5 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? path;
}
