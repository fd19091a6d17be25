import type { Locator, Page } from 'playwright-core';
import { Explorer } from './explorer';
import { Notifications } from './notifications';
import { ProblemsView } from './problems-view';
import { QuickInput } from './quick-input';
import { RunsView } from './runs-view';
import { TraceView } from './trace-view';

/** VS Code's window. */
export class Workbench {
  readonly explorer: Explorer;
  readonly quickInput: QuickInput;
  readonly notifications: Notifications;
  readonly problems: ProblemsView;
  readonly runs: RunsView;
  /** The trace view that is in sight. */
  readonly view: TraceView;

  constructor(
    private readonly page: Page,
    private readonly url: string,
  ) {
    this.explorer = new Explorer(page);
    this.quickInput = new QuickInput(page);
    this.notifications = new Notifications(page);
    this.problems = new ProblemsView(page);
    this.runs = new RunsView(page);
    this.view = new TraceView(page);
  }

  /** Opens the window, or loads it anew, and waits until its files are listed. */
  async open(): Promise<void> {
    await this.page.goto(this.url);
    await this.explorer.waitUntilShown();
  }

  /** Runs a command of the palette by its title there, such as "View: Toggle Output". */
  async run(title: string): Promise<void> {
    await this.openPalette();
    await this.quickInput.type(`>${title}`);
    await this.quickInput.choose(title);
  }

  /** The extension's item in the status bar: which model, where, and what it is doing. */
  get modelState(): Locator {
    return this.page.locator('.statusbar-item[id="vilasr.vilasr.vilasr.model"]');
  }

  /** The extension's item in the status bar while something is sampled. */
  get samplingState(): Locator {
    return this.page.locator('.statusbar-item[id="vilasr.vilasr.vilasr.sampling"]');
  }

  /** The names of the editors that are open, in the order of their tabs. */
  tabs(): Promise<string[]> {
    return this.page.locator('.tabs-container .tab .label-name').allInnerTexts();
  }

  /** Whether the editor of that name has something to save. */
  async isDirty(name: string): Promise<boolean> {
    return (await this.page.locator('.tab.dirty', { hasText: name }).count()) > 0;
  }

  /** One of several trace views in sight, from the one that was opened first. */
  viewAt(place: number): TraceView {
    return new TraceView(this.page, place);
  }

  async showExplorer(): Promise<void> {
    await this.run('View: Show Explorer');
    await this.explorer.waitUntilShown();
  }

  /** Closes the editor in sight. */
  closeEditor(): Promise<void> {
    return this.run('View: Close Editor');
  }

  /** Asks about what is selected in the explorer, by the context menu of `name`, up to where the question is typed. */
  async askAbout(name: string, command = 'Ask About Image…'): Promise<void> {
    const menu = await this.explorer.rightClick(name);
    await menu.choose(command);
    await this.quickInput.waitUntilShown();
  }

  /** Types the question and chooses the kind of its answer. */
  async putQuestion(question: string, kind: 'Multiple choice' | 'Number' | 'Free form'): Promise<void> {
    await this.quickInput.waitUntilShown(/^Ask About/);
    await this.quickInput.type(question);
    await this.quickInput.accept();
    await this.quickInput.waitUntilShown('What Kind of Answer?');
    await this.quickInput.choose(kind);
  }

  /** How long reading and starting an extension took by VS Code's own measure, in milliseconds. */
  async activationTime(extension: string): Promise<number> {
    await this.run('Developer: Show Running Extensions');
    const row = this.page.locator('.editor-container .monaco-list-row', { hasText: extension }).first();
    await row.getByText(/Activation: \d+ms/).waitFor();
    return Number(/Activation: (\d+)ms/.exec(await row.innerText())?.[1]);
  }

  /** The titles that the palette offers for what is typed. */
  async commandsFor(typed: string): Promise<string[]> {
    await this.openPalette();
    await this.quickInput.type(`>${typed}`);
    const titles = await this.quickInput.labels();
    await this.quickInput.cancel();
    return titles;
  }

  private async openPalette(): Promise<void> {
    // A webview that has the focus hears no keys, and so passes none on, until it is there.
    for (let tries = 0; tries < 20 && !(await this.quickInput.isShown()); tries++) {
      await this.page.keyboard.press('F1');
      await this.page.waitForTimeout(300);
    }
    await this.quickInput.waitUntilShown();
  }
}
