import type { Locator, Page } from 'playwright-core';

/** The Problems panel. */
export class ProblemsView {
  constructor(private readonly page: Page) {}

  /** The problems whose line holds `text`. */
  rows(text: string | RegExp): Locator {
    return this.page
      .locator('.markers-panel .monaco-list-row', { hasText: text })
      .filter({ has: this.page.locator('.marker-icon') });
  }

  /** Follows the link that the code of a problem is. */
  async follow(text: string | RegExp): Promise<void> {
    await this.rows(text).first().locator('.details-container a.monaco-link').click();
  }
}
