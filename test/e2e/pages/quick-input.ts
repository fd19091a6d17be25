import type { Locator, Page } from 'playwright-core';

/** The box at the window's top in which one types and chooses. */
export class QuickInput {
  private readonly box: Locator;

  constructor(private readonly page: Page) {
    this.box = page.locator('.quick-input-widget');
  }

  private get rows(): Locator {
    return this.box.locator('.quick-input-list .monaco-list-row');
  }

  async waitUntilShown(title?: string | RegExp): Promise<void> {
    await this.box.waitFor();
    if (title !== undefined) await this.box.locator('.quick-input-title', { hasText: title }).waitFor();
  }

  async type(text: string): Promise<void> {
    await this.waitUntilShown();
    await this.box.locator('input[type="text"], input:not([type])').first().fill(text);
  }

  async labels(): Promise<string[]> {
    await this.rows.first().waitFor();
    return this.rows.locator('.label-name').allInnerTexts();
  }

  /** Chooses the row of that label. */
  async choose(label: string | RegExp): Promise<void> {
    await this.rows.filter({ hasText: label }).first().click();
  }

  async accept(): Promise<void> {
    await this.page.keyboard.press('Enter');
  }

  async cancel(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.box.waitFor({ state: 'hidden' });
  }
}
