import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox } from '../sandbox.ts';
import { type Browser, startBrowser } from './chromium.ts';
import { inBrowser, openRig, type PageRig, whyNoBrowser } from './rig.ts';
import { beginStory, markups } from './story.ts';

describe.skipIf(whyNoBrowser !== undefined)(inBrowser('the page'), () => {
  let browser: Browser;
  let rig: PageRig;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser.close());
  afterEach(() => rig.close());

  const entry = (text: string | RegExp) => rig.inbox.getByRole('listitem').filter({ hasText: text });
  const inboxButton = (name: string) => rig.inbox.getByRole('button', { name, exact: true });

  it('shows the conversation as the agent sees it, and lets the agent answer', async () => {
    rig = await openRig(browser);
    const { story, inbox, complaints } = rig;
    await story.record('teammate', '<p>Your order <b>has shipped</b>.</p><p>[Track order → https://example.com]</p>');
    await story.record('customer', '<b>Thanks</b>');
    await entry('Hello! Where is my parcel?').getByText('Customer').waitFor();
    await entry('Your order has shipped.').getByText('Ana Ruiz').waitFor();
    expect(await entry('Your order').locator('b').textContent()).toBe('has shipped');
    await entry('<b>Thanks</b>').waitFor();

    await inbox.getByLabel('Reply as').selectOption({ label: 'Ben Okafor' });
    await inbox.getByLabel('Reply', { exact: true }).fill('On its <way>');
    await inboxButton('Send reply').click();
    await entry('On its <way>').getByText('Ben Okafor').waitFor();
    await inbox.getByLabel('Reply', { exact: true }).fill('Careful with this one');
    await inboxButton('Add note').click();
    await entry('Careful with this one').getByText('internal note').waitFor();
    await inboxButton('Close').click();
    await inbox.getByText('Ben Okafor closed the conversation').waitFor();
    await inboxButton('Reopen').click();
    await inbox.getByText('Ben Okafor reopened the conversation').waitFor();
    expect(complaints).toEqual([]);
  });

  it('follows the chat to its conversation until another one is chosen', async () => {
    rig = await openRig(browser);
    const { page, sandbox, inbox } = rig;
    await beginStory(sandbox.url, {
      botName: 'Second',
      username: 'second_bot',
      customer: { first_name: 'Grace' },
      workspace: 'Second',
    });
    const title = inbox.getByRole('heading', { level: 2 });
    const link = page.getByRole('button', { name: 'Show this chat’s conversation' });
    await expect.poll(() => title.textContent()).toBe('Ada Lovelace');
    await page.getByLabel('Bot').selectOption({ label: 'Second (@second_bot)' });
    await expect.poll(() => title.textContent()).toBe('Grace');
    await page
      .getByLabel('Inbox', { exact: true })
      .and(page.locator('select'))
      .selectOption({ label: 'Intercom · Northwind' });
    await expect.poll(() => title.textContent()).toBe('Ada Lovelace');
    await link.click();
    await expect.poll(() => title.textContent()).toBe('Grace');
    await link.waitFor({ state: 'hidden' });
    await page.reload();
    await expect.poll(() => title.textContent()).toBe('Grace');
    expect(rig.complaints).toEqual([]);
  });

  it('says what was refused, in the words of the sandbox', async () => {
    rig = await openRig(browser);
    const { page, story, phone } = rig;
    await story.send('Choose', { keyboard: [[{ text: 'Poll', request_poll: {} }]] });
    await phone.getByRole('button', { name: 'Poll' }).click();
    await page.getByRole('alert').getByText('The sandbox cannot press this kind of key').waitFor();
    await page.getByRole('button', { name: 'Close', exact: true }).and(page.locator('#alert button')).click();
    expect(await page.getByRole('alert').textContent()).toBe('');
  });

  it('is right again after the sandbox was away', async () => {
    rig = await openRig(browser);
    const { page, sandbox, phone } = rig;
    await page.getByText('Live', { exact: true }).waitFor();
    const port = Number(new URL(sandbox.url).port);
    await sandbox.close();
    await page.getByText('Connecting …').waitFor();
    const next = createSandbox();
    try {
      await next.listen({ port });
      const story = await beginStory(next.url, { customer: { first_name: 'Grace' } });
      await story.send('Said while nobody looked', markups.help);
      await page.getByText('Live', { exact: true }).waitFor({ timeout: 15_000 });
      await phone.getByText('Said while nobody looked').waitFor();
      await expect.poll(() => rig.inbox.getByRole('heading', { level: 2 }).textContent()).toBe('Grace');
    } finally {
      await next.close();
    }
  });

  it('fits a laptop without scrolling and a narrow window without scrolling sideways', async () => {
    rig = await openRig(browser);
    const { page, story, phone } = rig;
    for (let message = 0; message < 12; message += 1)
      await story.send('A long line of text '.repeat(12), markups.shipped);
    await phone.getByRole('button', { name: 'Need help' }).last().waitFor();
    const overflow = () =>
      page.evaluate<[number, number]>(
        '[document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]',
      );
    expect(await overflow()).toEqual([0, 0]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect((await overflow())[0]).toBe(0);
  });

  it('is served with a policy that allows nothing inline and nothing from elsewhere', async () => {
    rig = await openRig(browser);
    for (const path of ['/', '/page/page.js', '/page/phone/phone.js', '/page/page.css']) {
      const response = await fetch(`${rig.sandbox.url}${path}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
    }
    expect((await fetch(`${rig.sandbox.url}/page/tsconfig.json`)).status).toBe(404);
  });

  it('helps somebody who starts with an empty sandbox', async () => {
    const sandbox = createSandbox();
    const url = await sandbox.listen();
    const { page } = await browser.open(url);
    await page.getByRole('button', { name: 'Add a customer' }).click();
    await page.locator('telegram-phone').getByRole('button', { name: 'Start' }).click();
    await page.locator('telegram-phone').getByText('/start').waitFor();
    await page.getByRole('button', { name: 'Add an Intercom workspace' }).click();
    await expect.poll(() => page.locator('#choose-inbox').textContent()).toBe('Intercom · Demo');
    await page.close();
    await sandbox.close();
    rig = await openRig(browser);
  });
});
