import type { Locator, Page } from 'playwright-core';

/** Messages in the window's corner. */
export class Notifications {
  constructor(private readonly page: Page) {}

  /** The message that holds `text`. */
  withText(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item', { hasText: text });
  }

  async texts(): Promise<string[]> {
    return this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts();
  }

  async press(text: string | RegExp, button: string): Promise<void> {
    await this.withText(text).locator('.monaco-button', { hasText: button }).click();
  }
}
