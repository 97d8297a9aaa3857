import type { Locator, Page } from 'playwright-core';
import { describe } from 'vitest';
import { createSandbox, type Sandbox } from '../sandbox.ts';
import { type Browser, chromiumPath, type WatchedPage } from './chromium.ts';
import { beginStory, type Cast, type Story } from './story.ts';

/** Why the tests of the page cannot run here; `undefined` where they can. */
const whyNoBrowser = chromiumPath() === undefined ? 'no Chromium here: apt-get install chromium' : undefined;

/** A suite that needs a browser; without one it is skipped, and its name says why. */
export const browserSuite = (name: string, define: () => void): void => {
  if (whyNoBrowser === undefined) describe(name, define);
  else describe.skip(`${name} (${whyNoBrowser})`, define);
};

export interface PageRig {
  readonly sandbox: Sandbox;
  readonly page: Page;
  readonly complaints: WatchedPage['complaints'];
  readonly story: Story;
  /** What stands on the left. */
  readonly phone: Locator;
  /** What stands on the right. */
  readonly inbox: Locator;
  close(): Promise<void>;
}

/** A sandbox with a bot, its customer and their conversation, and the page open on it. */
export async function openRig(browser: Browser, cast: Cast = {}): Promise<PageRig> {
  const sandbox = createSandbox();
  const url = await sandbox.listen();
  const story = await beginStory(url, cast);
  const { page, complaints } = await browser.open(url);
  page.setDefaultTimeout(8000);
  const [phone, inbox] = [page.locator('telegram-phone'), page.locator('inbox-conversation')];
  await phone.waitFor();
  await inbox.waitFor();
  return {
    sandbox,
    page,
    complaints,
    story,
    phone,
    inbox,
    async close() {
      await page.close();
      await sandbox.close();
    },
  };
}
