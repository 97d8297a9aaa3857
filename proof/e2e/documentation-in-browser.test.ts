import { type Browser, chromiumPath, startBrowser } from '@chatferry/sandbox/internal/testing/chromium';
import { aSend, type ConnectedBot, connectBot, newCustomer, startRig } from '@chatferry/testkit/rigs/rig';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const path = chromiumPath();

/** The viewer draws every operation of the API, which takes long on a busy machine. */
const patienceMs = 90_000;

describe.skipIf(path === undefined)('the API in a browser (needs Chromium: apt-get install chromium)', () => {
  let browser: Browser;
  let rig: Awaited<ReturnType<typeof startRig>>;
  let bot: ConnectedBot;

  beforeAll(async () => {
    browser = await startBrowser();
    rig = await startRig();
    bot = await connectBot(rig);
  });
  afterAll(() => browser.close());

  it(
    'shows every operation, asks no other host for anything, and breaks none of its own rules',
    async () => {
      const { page, complaints } = await browser.open('about:blank');
      page.setDefaultTimeout(patienceMs);
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.goto(`${rig.url}/docs`);
      await page.getByText('Send an interactive message.').first().waitFor();
      const others = asked.filter((url) => !url.startsWith(rig.url) && !/^(?:data|blob):/.test(url));
      expect(others).toEqual([]);
      expect(asked.length).toBeGreaterThan(4);
      expect(complaints).toEqual([]);
    },
    patienceMs,
  );

  it(
    'leads from the operations to a guide and to its reference, which break no rule either',
    async () => {
      const { page, complaints } = await browser.open(`${rig.url}/docs`);
      page.setDefaultTimeout(patienceMs);
      await page.getByRole('link', { name: 'Guides' }).click();
      await page.getByRole('link', { name: 'Receive events' }).click();
      await page.getByRole('heading', { name: 'Have them sent to your backend' }).waitFor();
      await page.getByRole('link', { name: 'webhooks.md' }).click();
      await page.getByRole('heading', { level: 1, name: 'Webhooks' }).waitFor();
      expect(page.url()).toBe(`${rig.url}/docs/reference/webhooks`);
      expect(complaints).toEqual([]);
    },
    patienceMs,
  );

  it(
    'sends a message that the reader tries, to the gateway that serves the page',
    async () => {
      const customer = newCustomer(rig, bot);
      const { page, complaints } = await browser.open(`${rig.url}/docs#/Telegram/sendTelegramInteractive`);
      page.setDefaultTimeout(patienceMs);
      await page.locator('button.authorize').first().click();
      await page.locator('.auth-container', { hasText: 'apiKeyBearer' }).locator('input').fill(bot.key);
      await page.locator('.auth-container', { hasText: 'apiKeyBearer' }).locator('button.authorize').click();
      await page.locator('button.btn-done').first().click();
      const operation = page.locator('#operations-Telegram-sendTelegramInteractive');
      await operation.locator('textarea.body-param__text').fill(JSON.stringify(aSend(customer.chatId)));
      await operation.locator('button.execute').click();
      await operation.locator('.live-responses-table .response-col_status', { hasText: '201' }).waitFor();
      const shown = rig.sandbox.telegram.sent(customer.at);
      expect(shown.at(-1)).toMatchObject({ text: 'Your order has shipped. Track or get help below.' });
      expect(complaints).toEqual([]);
    },
    patienceMs,
  );
});
