import type { FrameLocator, Locator, Page } from 'playwright-core';
import type { Point } from '../../../src/trace/geometry';

/** Where model space lies on the stage, in CSS pixels. */
interface Placement {
  /** CSS pixels for one pixel of model space. */
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** Of elements in the page, what is asked of them there. */
interface CanvasElement {
  getContext(kind: '2d'): {
    getImageData(x: number, y: number, width: number, height: number): { data: Iterable<number> };
  };
}
interface ImageElement {
  readonly naturalWidth: number;
  readonly naturalHeight: number;
  decode(): Promise<void>;
}

/** The trace view that is in sight: the panel of a run, or the editor of a trace file. */
export class TraceView {
  private readonly frame: FrameLocator;

  /** @param place which one, from the left, where several are in sight. */
  constructor(
    private readonly page: Page,
    place = 0,
  ) {
    // VS Code keeps a webview in a frame within a frame.
    this.frame = page
      .locator('iframe.webview.ready')
      .filter({ visible: true })
      .nth(place)
      .contentFrame()
      .locator('iframe#active-frame')
      .contentFrame();
  }

  byId(testId: string): Locator {
    return this.frame.getByTestId(testId);
  }

  byRole(
    role: 'button' | 'menuitem' | 'menuitemcheckbox' | 'listbox' | 'option' | 'alert',
    name?: string | RegExp,
  ): Locator {
    return this.frame.getByRole(role, name === undefined ? {} : { name });
  }

  /** What a chooser of elements finds, as in CSS. */
  find(selector: string): Locator {
    return this.frame.locator(selector);
  }

  /** A turn, counted from 1. */
  turn(number: number): Locator {
    return this.byId(`turn-${number}`);
  }

  chooseTurn(number: number): Promise<void> {
    return this.turn(number).locator('.turn-name').click();
  }

  /** Chooses an image in the map of where they come from. */
  async choosePicture(number: number): Promise<void> {
    await this.byRole('option', new RegExp(`^Image ${number}:`)).click();
  }

  /** Waits until the stage shows that image with the pixels of the picture below it. */
  async waitForImage(number: number): Promise<void> {
    await this.find(`[data-testid=stage][data-image="${number}"] img.picture`).waitFor();
  }

  async waitForShapes(count: number): Promise<void> {
    await this.find(`[data-testid=stage][data-drawn="${count}"]`).waitFor();
  }

  /** Waits until the run has ended: then it can be run again. */
  async waitForEnd(): Promise<void> {
    await this.byId('again').waitFor();
  }

  /** Chooses an entry of one of the menus at the top. */
  async choose(menu: 'again' | 'export', item: string): Promise<void> {
    await this.byId(menu).click();
    await this.byRole('menuitem', item).click();
  }

  /** Canvas pixels (one for a CSS pixel) at points of model space, as red, green, blue and alpha: of the shapes, without the image below. */
  async canvasPixels(points: readonly Point[]): Promise<number[][]> {
    const { scale, x, y } = await this.placement();
    const places = points.map((point) => [x + point[0] * scale, y + point[1] * scale] as const);
    return this.byId('stage-canvas').evaluate((canvas: CanvasElement, at) => {
      const context = canvas.getContext('2d');
      return at.map(([left, top]) => [...context.getImageData(Math.floor(left), Math.floor(top), 1, 1).data]);
    }, places);
  }

  /** Where a point of model space is in the window, in CSS pixels. */
  async pointOf(point: Point): Promise<{ readonly x: number; readonly y: number }> {
    const box = await this.byId('stage').boundingBox();
    const { scale, x, y } = await this.placement();
    return { x: (box?.x ?? 0) + x + point[0] * scale, y: (box?.y ?? 0) + y + point[1] * scale };
  }

  async click(point: Point): Promise<void> {
    const { x, y } = await this.pointOf(point);
    await this.page.mouse.click(x, y);
  }

  /** Presses the pointer at one place of model space and lets it go at another. */
  async drag(from: Point, to: Point): Promise<void> {
    const [start, end] = [await this.pointOf(from), await this.pointOf(to)];
    await this.page.mouse.move(start.x, start.y);
    await this.page.mouse.down();
    await this.page.mouse.move(end.x, end.y, { steps: 6 });
    await this.page.mouse.up();
  }

  /** Path of the file on disk whose pixels are on the stage. */
  async pictureFile(): Promise<string> {
    const source = (await this.byId('picture').getAttribute('src')) ?? '';
    return decodeURIComponent(new URL(source).pathname.replace(/^.*?(?=\/(?:tmp|root|home|var)\/)/, ''));
  }

  /** The title of the view's own page. */
  title(): Promise<string> {
    return this.find('body').evaluate('document.title');
  }

  /** The colour behind all, as CSS says it. */
  background(): Promise<string> {
    return this.find('body').evaluate('getComputedStyle(document.body).backgroundColor');
  }

  /** Size in pixels of the picture on the stage as it was loaded. */
  picturePixels(): Promise<readonly [width: number, height: number]> {
    return this.byId('picture').evaluate(async (picture: ImageElement) => {
      await picture.decode();
      return [picture.naturalWidth, picture.naturalHeight] as const;
    });
  }

  private async placement(): Promise<Placement> {
    const stage = this.byId('stage');
    const read = async (name: string) => Number(await stage.getAttribute(name));
    return { scale: await read('data-scale'), x: await read('data-x'), y: await read('data-y') };
  }
}
