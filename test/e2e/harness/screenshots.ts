import { join } from 'node:path';
import type { Page } from 'playwright-core';

const FOLDER = join(import.meta.dirname, '../../../test-out/e2e');

/** Keeps a picture of the page as test-out/e2e/NAME.png. */
export async function photograph(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(FOLDER, `${name.replaceAll(/[^\w/-]+/g, '-')}.png`) });
}
