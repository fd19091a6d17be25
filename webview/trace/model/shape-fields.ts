import { t } from '@vscode/l10n';
import { type Drawing, isLine } from '../../../src/trace/drawing';

/** The numbers of a drawing as they are typed. */
export function writtenNumbers(drawing: Drawing): string[] {
  const numbers = isLine(drawing) ? [...drawing.start_point_2d, ...drawing.end_point_2d] : drawing.bbox_2d;
  return numbers.slice(0, 4).map(String);
}

/** Numbers that were typed; `problem` says of the first that is none what is wrong, and then there are no numbers. */
export function readNumbers(typed: readonly string[]): {
  readonly numbers: readonly number[];
  readonly problem: string | null;
} {
  const numbers = typed.map((text) => (text.trim() === '' ? Number.NaN : Number(text)));
  const bad = numbers.findIndex((number) => !Number.isFinite(number));
  if (bad < 0) return { numbers, problem: null };
  return { numbers: [], problem: t('Not a number.') };
}

/** What is wrong with the number of an image that was typed; null if nothing. Whether there is such an image is another matter. */
export function readImageNumber(typed: string): string | null {
  return /^\s*[1-9]\d{0,8}\s*$/.test(typed) ? null : t('The number of an image belongs here, from 1.');
}
