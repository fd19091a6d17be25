import type { Locator, Page } from 'playwright-core';

/** A context menu that is open. */
export class ContextMenu {
  private constructor(
    private readonly page: Page,
    private readonly menu: Locator,
  ) {}

  static async shown(page: Page): Promise<ContextMenu> {
    const menu = page.locator('.monaco-menu').last();
    await menu.waitFor();
    return new ContextMenu(page, menu);
  }

  async labels(): Promise<string[]> {
    return (await this.menu.locator('.action-label[aria-label]').allInnerTexts()).filter(
      (text) => text !== '',
    );
  }

  async choose(label: string): Promise<void> {
    // A menu that has just been opened takes no click for a moment, lest the press that opened it chooses something.
    await this.page.waitForTimeout(300);
    await this.menu.locator('.action-menu-item', { hasText: label }).click();
    await this.menu.waitFor({ state: 'detached' });
  }

  async cancel(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.menu.waitFor({ state: 'detached' });
  }
}
