import type { Locator, Page } from 'playwright-core';

/** "Recent Runs" in the side bar. */
export class RunsView {
  constructor(private readonly page: Page) {}

  private get icon(): Locator {
    return this.page.locator('.activitybar .action-item a[aria-label^="ViLaSR"]');
  }

  /** Opens it by the extension's icon in the activity bar. */
  async open(): Promise<void> {
    const title = this.page.locator('.composite.title', { hasText: 'ViLaSR' });
    // The icon of what is open closes it.
    if (!(await title.isVisible())) await this.icon.click();
    await title.waitFor();
  }

  /** The entries, the newest first. */
  get rows(): Locator {
    return this.page.locator('.pane-body .tree-explorer-viewlet-tree-view .monaco-list-row');
  }

  row(text: string | RegExp): Locator {
    return this.rows.filter({ hasText: text });
  }

  /** Selects a row besides those that are selected, and presses a button of it. */
  async pressWith(row: Locator, button: string): Promise<void> {
    await row.click({ modifiers: ['Control'] });
    await row.hover();
    await row.locator(`a[aria-label^="${button}"]`).click();
  }

  /** What is said while there are no runs. */
  get welcome(): Locator {
    return this.page.locator('.welcome-view-content');
  }
}
