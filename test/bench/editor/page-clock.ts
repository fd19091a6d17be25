import type { BrowserContext, Locator, Page } from 'playwright-core';

/** What a trace view has to show; what is left out may be anything. */
export interface Shown {
  /** The trace, from 1, as the view writes it. */
  readonly trace?: string;
  /** The image on the stage, from 1. */
  readonly image?: number;
  /** How many shapes are drawn on it. */
  readonly drawn?: number;
  readonly pixels?: 'seen' | 'list';
  /** A part of the view, and what is written in it. */
  readonly text?: readonly [id: string, part: string];
}

/**
 * Functions for a frame. `shows` says whether a stage and its picture are there as wanted, `paintedWhen` when the frame that
 * has what `isThere` asks for is painted, in milliseconds since 1970.
 */
const FUNCTIONS = `
  globalThis.shows = ({ trace, image, drawn, pixels, text, not }) => {
    const byId = (id) => document.querySelector('[data-testid=' + id + ']');
    const [stage, picture, index] = [byId('stage'), byId('picture'), byId('trace-index')];
    return stage?.dataset.drawn !== undefined && picture?.complete === true && picture.naturalWidth > 0
      && (trace === undefined || index?.textContent.startsWith(trace + ' of ') === true)
      && (image === undefined || stage.dataset.image === String(image))
      && (pixels === undefined || stage.dataset.pixels === pixels)
      && (drawn === undefined || stage.dataset.drawn === String(drawn))
      && (text === undefined || byId(text[0])?.textContent.includes(text[1]) === true)
      && picture.src !== not;
  };
  globalThis.paintedWhen = (isThere) => new Promise((resolve) => {
    let [seen, looked] = [false, 0];
    const look = () => {
      looked = Date.now();
      seen ||= isThere();
      // A task after the frame: what it brings is painted by then.
      if (seen) setTimeout(() => resolve(Date.now()));
      else requestAnimationFrame(look);
    };
    // A page that is written into the frame ends the frames that were asked for before it.
    const timer = setInterval(() => {
      if (seen) clearInterval(timer);
      else if (Date.now() - looked > 100) requestAnimationFrame(look);
    }, 50);
    look();
  });
`;

/** For every frame within the window's. */
const FIRST_PAINT = `if (globalThis !== top) {
  ${FUNCTIONS}
  globalThis.firstPaint = paintedWhen(() => shows({}));
}`;

const NOTE_INPUT = `if (globalThis.inputAt === undefined) {
  globalThis.inputAt = 0;
  for (const type of ['keydown', 'pointerdown']) {
    addEventListener(type, () => { globalThis.inputAt = Date.now(); }, { capture: true });
  }
}`;

/** Lets the frames of all pages note when a trace is painted first. Before the pages are opened. */
export async function noteFirstPaints(context: BrowserContext): Promise<void> {
  await context.addInitScript(FIRST_PAINT);
}

/** When a trace was painted first in the view of which `body` is the body, in milliseconds since 1970. */
export const firstPaint = (body: Locator): Promise<number> => body.evaluate('firstPaint');

/**
 * Milliseconds from a key or a click in the view, which `act` brings about, until the view has painted what `shown` says; where
 * `fresh`, with another picture than before.
 */
export async function timeInput(
  body: Locator,
  act: () => Promise<void>,
  shown: Shown,
  fresh = false,
): Promise<number> {
  await body.evaluate(NOTE_INPUT);
  await body.evaluate(`(() => {
    const not = ${fresh} ? document.querySelector('[data-testid=picture]')?.src : undefined;
    globalThis.inputAt = 0;
    globalThis.painted = paintedWhen(() => inputAt > 0 && shows({ ...${JSON.stringify(shown)}, not }));
  })()`);
  await act();
  return body.evaluate('painted.then((at) => at - inputAt)');
}

/** When the view has painted what `shown` says, in milliseconds since 1970. */
export const timePainted = (body: Locator, shown: Shown): Promise<number> =>
  body.evaluate(`paintedWhen(() => shows(${JSON.stringify(shown)}))`);

/** Milliseconds from a key in the view, which `act` brings about, to the next frame in which the stage was drawn anew. */
export async function timeRedraw(body: Locator, act: () => Promise<void>): Promise<number> {
  await body.evaluate(NOTE_INPUT);
  await body.evaluate(`(() => {
    globalThis.inputAt = 0;
    globalThis.painted = new Promise((resolve) => {
      const stage = document.querySelector('[data-testid=stage]');
      const observer = new MutationObserver(() => {
        if (inputAt === 0) return;
        observer.disconnect();
        setTimeout(() => resolve(Date.now() - inputAt));
      });
      observer.observe(stage, { attributeFilter: ['data-drawn'] });
    });
  })()`);
  await act();
  return body.evaluate('painted');
}

/** Bytes of the page's script that are alive, with those of all frames of its process. */
export async function scriptMemory(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}
