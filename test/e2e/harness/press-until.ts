import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';

/** Longest wait for a key to have its effect before it is pressed once more, in milliseconds. */
const PATIENCE = 6_000;

/**
 * Presses a key that is a command of VS Code's until what it does is done. VS Code hears with a delay that a view has the focus
 * and that nothing is typed in it, and until then such a key means nothing.
 */
export async function pressUntil(page: Page, key: string, isDone: () => Promise<boolean>): Promise<void> {
  for (let presses = 0; presses < 10; presses++) {
    await page.keyboard.press(key);
    for (const end = Date.now() + PATIENCE; Date.now() < end; await sleep(50)) if (await isDone()) return;
  }
  throw new Error(`${key} was pressed in vain.`);
}
