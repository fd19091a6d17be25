import { t } from '@vscode/l10n';
import type { PartPlace, PartVerdictView } from '../../../src/view/verdict';
import type { AppState } from './state';
import { partsOf } from './turn-view';
import { standingSource, standingWord } from './verdict-words';

type Judged = Pick<AppState, 'partVerdicts'>;

/** What was said of a turn, or of a shape of it, alone; null if nothing was. */
export function partVerdictOf({ partVerdicts }: Judged, { turn, shape }: PartPlace): PartVerdictView | null {
  return partVerdicts.find((one) => one.turn === turn && one.shape === shape) ?? null;
}

/**
 * What a verdict on a part is about: the shape that is chosen, or if none is, the turn that is. Null where there is no turn, or
 * several shapes are chosen.
 */
export function chosenPart({ held, choice }: Pick<AppState, 'held' | 'choice'>): PartPlace | null {
  const [shape, ...others] = held;
  if (others.length > 0) return null;
  if (shape === undefined) return choice.turn === null ? null : { turn: choice.turn, shape: null };
  const { turn, drawing } = partsOf(shape);
  return { turn, shape: drawing };
}

/** A part in words; `label` is that of the shape, if it is one. */
export function partName({ turn, shape }: PartPlace, label: string | null): string {
  return shape === null ? t('Turn {0}', turn + 1) : t('Turn {0}, “{1}”', turn + 1, label ?? '');
}

/** What counts for a part in short; who said it, and why, or that it was edited since. */
export function partWords(verdict: PartVerdictView): { readonly word: string; readonly source: string } {
  const word = verdict.editedSince ? t('Edited since') : standingWord(verdict);
  return { word, source: standingSource(verdict) };
}
