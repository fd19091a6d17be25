import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import { Session } from '../../e2e/harness/session';
import type { TraceView } from '../../e2e/pages/trace-view';
import { turnsOf } from './data';
import { firstPaint, noteFirstPaints, scriptMemory, timeInput, timePainted, timeRedraw } from './page-clock';

/** The editor for trace files, and that for data files that no other editor is made for. */
const editorOf = (name: string): string => (name.endsWith('.traces.jsonl') ? 'vilasr.traces' : 'vilasr.data');
/** Height of a row of the list in CSS pixels. */
const ROW = 24;

/** How long the pointer rests on a row before it is pressed, in milliseconds: a hand takes longer. */
const DWELL = 100;

/** A number as the view writes it. */
const written = (count: number): string => count.toLocaleString('en');

/** The trace editor in a real VS Code, driven as a person does it, and timed. Traces are counted from 0. */
export class TimedEditor {
  private constructor(private readonly session: Session) {}

  static async start(): Promise<TimedEditor> {
    const files = { 'README.md': 'Generated traces.\n' };
    return new TimedEditor(await Session.open({ files, prepare: noteFirstPaints }));
  }

  close(): Promise<void> {
    return this.session.close();
  }

  get folder(): string {
    return this.session.folder;
  }

  /** Process id of the extension host. */
  host(): Promise<number> {
    return this.session.probe.pid();
  }

  /** Bytes of the window's script that are alive. */
  script(): Promise<number> {
    return scriptMemory(this.session.page);
  }

  /** Opens a file of the folder. Milliseconds from the command until its first trace is painted with its picture. */
  async openFile(name: string): Promise<number> {
    const began = Date.now();
    const path = join(this.folder, name);
    const [painted] = await Promise.all([
      firstPaint(this.body),
      this.session.probe.openWith(path, editorOf(name)),
    ]);
    return painted - began;
  }

  async closeFile(): Promise<void> {
    await this.session.probe.execute('workbench.action.closeActiveEditor');
    await this.session.page.locator('iframe.webview').first().waitFor({ state: 'detached' });
  }

  /** Waits until all of `count` traces are found. */
  async waitForIndex(count: number): Promise<void> {
    await this.byId('trace-index')
      .filter({ hasText: new RegExp(` of ${written(count)}$`) })
      .waitFor({ timeout: 300_000 });
  }

  /** Opens the list of traces; it is there when its rows are being made. */
  async openList(): Promise<void> {
    await this.byId('toggle-list').click();
    await this.byId('trace-list').waitFor();
  }

  /** Waits until the list has all of `count` traces. */
  async waitForList(count: number): Promise<void> {
    const whole = new RegExp(`^${written(count)} traces$`);
    await this.byId('list-count').filter({ hasText: whole }).waitFor({ timeout: 600_000 });
  }

  /** Waits until the list has at least the first `count` traces. */
  async waitForRead(count: number): Promise<void> {
    const read = async () =>
      Number.parseInt((await this.byId('list-count').innerText()).replaceAll(',', ''), 10);
    await expect.poll(read, { timeout: 300_000, interval: 100 }).toBeGreaterThanOrEqual(count);
  }

  /**
   * Scrolls the list to a trace, and clicks it once the pointer was there for `dwell` ms. Milliseconds from the click until the
   * trace is painted with its picture.
   */
  async jump(index: number, dwell = DWELL): Promise<number> {
    await this.byId('trace-list').evaluate(
      (list: { scrollTop: number }, top) => {
        list.scrollTop = top;
      },
      (index - 2) * ROW,
    );
    const row = this.view.find(`[id="trace-list-${index}"]`).filter({ hasText: written(index + 1) });
    await row.hover();
    if (dwell > 0) await sleep(dwell);
    return timeInput(this.body, () => row.click(), { trace: written(index + 1), image: 2, drawn: 1 });
  }

  /** Moves the shape that turn 1 drew by a key. Milliseconds until it is painted at its new place. */
  async nudge(): Promise<number> {
    await this.holdFirst();
    const moved = await timeRedraw(this.body, () => this.session.page.keyboard.press('ArrowRight'));
    // Keys are gathered for a while: until VS Code knows of the edit there is nothing to save.
    await this.session.page.locator('.tab.active.dirty').waitFor();
    return moved;
  }

  /**
   * The same while the stage shows the last image as the model would see it, from the key that has the move sent: until that
   * is painted, for which all images of the trace but its input are drawn anew.
   */
  async redrawAll(index: number): Promise<number> {
    await this.chooseLastImage();
    await this.byId('toggle-seen').click();
    const last = `[data-image="${turnsOf(index) + 1}"]`;
    await this.view.find(`[data-testid=stage][data-pixels=seen]${last} img.picture`).waitFor();
    await this.holdFirst();
    const press = async () => {
      await this.session.page.keyboard.press('ArrowRight');
      await this.session.page.keyboard.press('.');
    };
    const drawn = await timeInput(this.body, press, { pixels: 'seen' }, true);
    await this.byId('toggle-seen').click();
    return drawn;
  }

  /**
   * Begins a review. Milliseconds from the command until its first candidate, that of number `first`, is painted with its
   * picture, and how far one is.
   */
  async beginReview(first: number): Promise<number> {
    const began = Date.now();
    const painted = timePainted(this.body, {
      trace: written(first + 1),
      text: ['review-progress', 'judged'],
    });
    const [at] = await Promise.all([painted, this.session.probe.execute('vilasr.review')]);
    return at - began;
  }

  async endReview(): Promise<void> {
    await this.byId('end-review').click();
    await this.byId('review').waitFor({ state: 'detached' });
  }

  /** Waits until the list that is reviewed has so many candidates, and all of the file is read. */
  async waitForQueue(count: number): Promise<void> {
    const whole = new RegExp(`^\\d+ of ${written(count)} judged(?!…)`);
    await this.byId('review-progress').filter({ hasText: whole }).waitFor({ timeout: 600_000 });
  }

  /** Judges by a key. Milliseconds from the key until the candidate of number `next` is painted. */
  async judge(key: string, next: number): Promise<number> {
    return timeInput(this.body, () => this.session.page.keyboard.press(key), {
      trace: written(next + 1),
      image: 2,
    });
  }

  /** Shows images with what was drawn into them from now on. */
  async showDrawn(): Promise<void> {
    await this.byId('toggle-seen').click();
    await this.view.find('[data-testid=stage][data-pixels=seen] img.picture').waitFor();
    await this.byId('stage').focus();
  }

  /** Milliseconds that VS Code takes to save the editor's edits. */
  async save(): Promise<number> {
    const began = performance.now();
    await this.session.probe.execute('workbench.action.files.save');
    return performance.now() - began;
  }

  private async chooseLastImage(): Promise<void> {
    await this.view.find('#image-map').focus();
    await this.session.page.keyboard.press('End');
  }

  private async holdFirst(): Promise<void> {
    await this.byId('stage').focus();
    await this.session.page.keyboard.press('.');
    await this.view.find('.shape-row[data-lit=true]').waitFor();
  }

  private byId(id: string): Locator {
    return this.view.byId(id);
  }

  private get view(): TraceView {
    return this.session.workbench.view;
  }

  private get body(): Locator {
    return this.view.find('body');
  }
}
