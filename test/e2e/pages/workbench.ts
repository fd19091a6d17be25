import type { Page } from 'playwright-core';
import { Explorer } from './explorer';
import { Notifications } from './notifications';
import { QuickInput } from './quick-input';

/** VS Code's window. */
export class Workbench {
  readonly explorer: Explorer;
  readonly quickInput: QuickInput;
  readonly notifications: Notifications;

  constructor(
    private readonly page: Page,
    private readonly url: string,
  ) {
    this.explorer = new Explorer(page);
    this.quickInput = new QuickInput(page);
    this.notifications = new Notifications(page);
  }

  /** Opens the window, or loads it anew, and waits until its files are listed. */
  async open(): Promise<void> {
    await this.page.goto(this.url);
    await this.explorer.waitUntilShown();
  }

  /** Runs a command of the palette by its title there, such as "View: Toggle Output". */
  async run(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.quickInput.type(`>${title}`);
    await this.quickInput.choose(title);
  }

  /** The titles that the palette offers for what is typed. */
  async commandsFor(typed: string): Promise<string[]> {
    await this.page.keyboard.press('F1');
    await this.quickInput.type(`>${typed}`);
    const titles = await this.quickInput.labels();
    await this.quickInput.cancel();
    return titles;
  }
}
