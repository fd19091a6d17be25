import { t } from '@vscode/l10n';
import { formatCount } from './numbers';

/** How many there are of something, in words that can be translated: one is said apart from many. */
export const countShapes = (count: number): string =>
  count === 1 ? t('1 shape') : t('{0} shapes', formatCount(count));

export const countDrawings = (count: number): string =>
  count === 1 ? t('1 drawing') : t('{0} drawings', formatCount(count));

export const countTokens = (count: number): string =>
  count === 1 ? t('1 token') : t('{0} tokens', formatCount(count));
