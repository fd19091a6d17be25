import type { Locator, Page } from 'playwright-core';
import { ContextMenu } from './context-menu';

/** The list of the workspace's files. */
export class Explorer {
  constructor(private readonly page: Page) {}

  async waitUntilShown(): Promise<void> {
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
  }

  /** A file or folder of the top level, or of a folder that is unfolded. */
  row(name: string): Locator {
    return this.page.locator('.explorer-folders-view .monaco-list-row', {
      has: this.page.getByText(name, { exact: true }),
    });
  }

  async openFile(name: string): Promise<void> {
    await this.row(name).dblclick();
  }

  /** Selects several rows, the first as one does by a click, the others by adding to it. */
  async select(...names: readonly string[]): Promise<void> {
    for (const [i, name] of names.entries()) {
      await this.row(name).click(i === 0 ? {} : { modifiers: ['Control'] });
    }
  }

  /** Opens the context menu of a row, of all that is selected if the row is part of it. */
  async rightClick(name: string): Promise<ContextMenu> {
    await this.row(name).click({ button: 'right' });
    return ContextMenu.shown(this.page);
  }
}
