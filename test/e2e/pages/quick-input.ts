import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** The box at the window's top in which one types and chooses. */
export class QuickInput {
  private readonly box: Locator;

  constructor(private readonly page: Page) {
    this.box = page.locator('.quick-input-widget');
  }

  private get input(): Locator {
    return this.box.locator('.quick-input-box input').first();
  }

  private get rows(): Locator {
    return this.box.locator('.quick-input-list .monaco-list-row');
  }

  isShown(): Promise<boolean> {
    return this.box.isVisible();
  }

  async waitUntilShown(title?: string | RegExp): Promise<void> {
    await this.box.waitFor();
    if (title !== undefined) await this.box.locator('.quick-input-title', { hasText: title }).waitFor();
  }

  /** Waits until there is such a text in the box, as that of a dialog for files, which takes a moment to come. */
  async waitForText(text: RegExp): Promise<void> {
    await expect.poll(() => this.input.inputValue()).toMatch(text);
  }

  /** Waits for what the box says below the text. */
  async waitForMessage(message: string | RegExp): Promise<void> {
    await this.box.locator('.quick-input-message', { hasText: message }).waitFor();
  }

  async type(text: string): Promise<void> {
    await this.waitUntilShown();
    await this.input.fill(text);
  }

  /** Types a folder into a dialog for files, which may put its own there once more while it opens. */
  async typeFolder(path: string): Promise<void> {
    await this.waitForText(/\/$/);
    await expect
      .poll(async () => {
        if ((await this.input.inputValue()) !== `${path}/`) await this.input.fill(`${path}/`);
        await this.page.waitForTimeout(700);
        return this.input.inputValue();
      })
      .toBe(`${path}/`);
  }

  async labels(): Promise<string[]> {
    await this.rows.first().waitFor();
    // An icon is a sign of its own.
    return (await this.rows.locator('.label-name').allInnerTexts()).map((label) => label.trim());
  }

  /** Chooses the row of that label. */
  async choose(label: string | RegExp): Promise<void> {
    await this.rows.filter({ hasText: label }).first().click();
  }

  /** Presses a button of an item, by what it says when it is pointed at. */
  async pressOf(label: string | RegExp, button: string): Promise<void> {
    const row = this.rows.filter({ hasText: label }).first();
    await row.hover();
    await row.locator(`[aria-label="${button}"]`).click();
  }

  /** Presses the button of a dialog for files until that closes: it hears none while it reads the folder that was typed. */
  async confirm(button: string): Promise<void> {
    const pressed = this.box.locator('.quick-input-action .monaco-button', { hasText: button });
    await expect
      .poll(async () => {
        await pressed.click({ timeout: 1_000 }).catch(() => undefined);
        return pressed.isVisible();
      })
      .toBe(false);
  }

  async accept(): Promise<void> {
    await this.page.keyboard.press('Enter');
  }

  async cancel(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.waitUntilHidden();
  }

  /** What is then asked of the box is asked of the next one that opens. */
  async waitUntilHidden(): Promise<void> {
    await this.box.waitFor({ state: 'hidden' });
  }
}
