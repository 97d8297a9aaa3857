import type { Locator, Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { createSandbox, type Sandbox } from '../sandbox.ts';
import { type Browser, chromiumPath } from './chromium.ts';
import { beginChat, beginStory, type Cast, type ChatStory, type Story } from './story.ts';

/** Why the tests of the page cannot run here; `undefined` where they can. */
const whyNoBrowser = chromiumPath() === undefined ? 'no Chromium here: apt-get install chromium' : undefined;

/** A suite that needs a browser; without one it is skipped, and its name says why. */
export const browserSuite = (name: string, define: () => void): void => {
  if (whyNoBrowser === undefined) describe(name, define);
  else describe.skip(`${name} (${whyNoBrowser})`, define);
};

/** A sandbox with its page. Tests can share one: each shows a bot and a customer of its own. */
export interface PageRig {
  readonly sandbox: Sandbox;
  readonly page: Page;
  /** The customer's phone, on the left. */
  readonly phone: Locator;
  /** The team's inbox, on the right. */
  readonly inbox: Locator;
  /** The errors and warnings of the page since the last call. */
  takeComplaints(): readonly string[];
  /** Creates a bot with a customer, and shows their chat. */
  showChat(cast?: Cast): Promise<ChatStory>;
  /** The same with the customer's conversation in an Intercom workspace. */
  showStory(cast?: Cast): Promise<Story>;
  close(): Promise<void>;
}

export async function openPageRig(browser: Browser): Promise<PageRig> {
  const sandbox = createSandbox();
  const url = await sandbox.listen();
  const { page, complaints } = await browser.open(url);
  page.setDefaultTimeout(8000);
  await page.getByText('Live', { exact: true }).waitFor();
  return {
    sandbox,
    page,
    phone: page.locator('#phone'),
    inbox: page.locator('#conversation'),
    takeComplaints: () => complaints.splice(0),
    async showChat(cast) {
      const story = await beginChat(url, cast);
      await select(page, url, story);
      await expect.poll(() => shownChat(page), { interval: 10 }).toBe(story.chatId);
      return story;
    },
    async showStory(cast) {
      const story = await beginStory(url, cast);
      await select(page, url, story);
      await expect.poll(() => shownChat(page), { interval: 10 }).toBe(story.chatId);
      const key = `intercom ${story.workspaceId} ${story.conversationId}`;
      await expect.poll(() => shownConversation(page), { interval: 10 }).toBe(key);
      return story;
    },
    async close() {
      await page.close();
      await sandbox.close();
    },
  };
}

/** Changes the selection in the address: the page follows it without being loaded again. */
async function select(page: Page, url: string, { botId, chatId }: ChatStory): Promise<void> {
  await page.goto(`${url}/#bot=${botId}&chat=${chatId}`);
}

const shownChat = (page: Page) => page.evaluate<unknown>('document.getElementById("phone").transcript?.chat_id');

const shownConversation = (page: Page) =>
  page.evaluate<unknown>('document.getElementById("conversation").conversation?.key');
