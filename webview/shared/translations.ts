import { config } from '@vscode/l10n';

/**
 * Takes over the translations that the page has on its element for the view. Without any, texts are shown as they are in
 * the code. To be called before anything is shown.
 */
export function takeTranslations(element: HTMLElement): void {
  const { translations } = element.dataset;
  if (translations !== undefined) config({ contents: translations });
}
