import type { Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox } from '../sandbox.ts';
import { type Browser, startBrowser } from '../testing/chromium.ts';
import { beginThread } from '../testing/hubspot-story.ts';
import { browserSuite, openPageRig, type PageRig } from '../testing/page-rig.ts';
import { beginChat, beginStory, markups } from '../testing/story.ts';
import { examplePicture } from './example-picture.ts';

let browser: Browser;
let rig: PageRig;
beforeAll(async () => {
  browser = await startBrowser();
  rig = await openPageRig(browser);
});
afterAll(async () => {
  await rig.close();
  await browser.close();
});
afterEach(() => expect(rig.takeComplaints()).toEqual([]));

const entry = (text: string | RegExp) => rig.inbox.getByRole('listitem').filter({ hasText: text });
const inboxButton = (name: string) => rig.inbox.getByRole('button', { name, exact: true });

browserSuite('the inbox', () => {
  it('shows the conversation as the agent sees it and lets the agent answer', async () => {
    const { inbox } = rig;
    const story = await rig.showStory();
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
    await inboxButton('Close').click();
    await inboxButton('Reopen').waitFor();
    await story.record('customer', 'It has not come');
    await entry('It has not come').getByText('Ada Lovelace', { exact: true }).waitFor();
  });

  it('shows a photo as an image on both sides and a file by its name', async () => {
    const { phone, inbox } = rig;
    const story = await rig.showStory();
    const chat = `/telegram/chats/${story.botId}/${story.chatId}`;
    const data = examplePicture().toString('base64');
    await story.control('POST', `${chat}/file`, { kind: 'photo', content_base64: data, caption: 'It came like this' });
    await story.control('POST', `${chat}/file`, { kind: 'photo', content_base64: 'AAAA' });
    await story.record('customer', 'It came like this', [
      { content_type: 'image/png', name: 'photo.png', data },
      { content_type: 'application/pdf', name: 'bill.pdf', data: 'AAAA' },
    ]);
    const onPhone = phone.getByRole('img', { name: 'Photo' });
    await onPhone.waitFor();
    const shown = inbox.getByRole('img', { name: 'photo.png' });
    await shown.waitFor();
    for (const image of [onPhone, shown]) {
      expect(await image.evaluate((node: { readonly naturalWidth?: number }) => node.naturalWidth)).toBe(320);
    }
    await inbox.getByRole('link', { name: 'bill.pdf' }).waitFor();
    // The file that is not an image is shown as a card.
    await phone.getByText('Photo', { exact: true }).waitFor();
  });

  it('shows a HubSpot thread with its attachments and marks a message that was not delivered', async () => {
    const { page, sandbox, inbox } = rig;
    const thread = await beginThread(sandbox.url, await rig.showChat());
    const place = {
      type: 'LOCATION',
      latitude: 59.3,
      longitude: 18.1,
      name: 'The quay',
      url: 'https://example.com/map',
    };
    const lists = { addresses: [], emails: [], urls: [], phones: [{ phone: '+461' }] };
    const card = { type: 'CONTACT', contactProfile: { name: { firstName: 'Bo' }, ...lists } };
    await thread.publish('customer', 'I am here', { attachments: [place, card] });
    const choices = { type: 'QUICK_REPLIES', quickReplies: [{ value: 'ok', valueType: 'TEXT', label: 'Thanks' }] };
    const shipped = await thread.publish('teammate', 'Shipped <today>', { attachments: [choices] });
    await page.locator('#choose-inbox').selectOption(`hubspot/${thread.portalId}`);
    await entry('I am here').getByRole('link', { name: 'The quay' }).waitFor();
    await entry('I am here').getByText('+461').waitFor();
    await entry('Shipped <today>').getByText('Thanks').waitFor();
    await thread.setStatus(shipped, 'FAILED', 'the bot was blocked');
    await entry('Shipped <today>').getByText('Not delivered: the bot was blocked').waitFor();
    await inbox.getByLabel('Reply', { exact: true }).fill('Are you still there?');
    await inbox.getByLabel('Reply', { exact: true }).press('Enter');
    await entry('Are you still there?').getByText('User').waitFor();
    await inboxButton('Close').click();
    await inbox.getByText('Closed').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Show this chat’s conversation' }).count()).toBe(0);
  });

  it('shows hostile HTML as plain text with safe links only', async () => {
    const { page, sandbox, inbox } = rig;
    const thread = await beginThread(sandbox.url, await rig.showChat());
    const richText = `<p onclick="document.title=1">Good <b style="position:fixed">day</b>
      <a href="javascript:document.title=2">first</a> <a href=" JaVaScRiPt:document.title=3">second</a>
      <a href="data:text/html,x">third</a> <a href="https://example.com/">fourth</a>
      <img src="x" onerror="document.title=4"><script>document.title=5</script><style>* { display: none }</style>
      <svg><a href="javascript:1">fifth</a></svg><form action="https://example.com"><button>sixth</button></form>
      <iframe srcdoc="<script>parent.document.title=6</script>"></iframe></p>`;
    await thread.publish('customer', 'plain', { richText });
    await page.locator('#choose-inbox').selectOption(`hubspot/${thread.portalId}`);
    await entry('Good day').waitFor();
    const body = inbox.locator('.body');
    expect((await body.textContent())?.split(/\s+/).filter(Boolean).join(' ')).toBe(
      'Good day first second third fourth Image sixth',
    );
    expect(await body.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href')))).toEqual([
      'https://example.com/',
    ]);
    expect(await body.locator('[style], [onclick], img, script, style, svg, form, button, iframe').count()).toBe(0);
    expect(await page.title()).toBe('Chatferry sandbox');
    // The parser reports what the policy forbids, before the page removes it.
    for (const complaint of rig.takeComplaints())
      expect(complaint).toContain('violates the following Content Security Policy');
  });
});

browserSuite('the page', () => {
  it('shows the conversation of the selected chat until the person chooses another conversation', async () => {
    const { page, sandbox, inbox } = rig;
    const first = await rig.showStory({ username: 'first_bot' });
    await beginStory(sandbox.url, { username: 'second_bot', customer: { first_name: 'Grace' } });
    const title = inbox.getByRole('heading', { level: 2 });
    const link = page.getByRole('button', { name: 'Show this chat’s conversation' });
    await expect.poll(() => title.textContent()).toBe('Ada Lovelace');
    await page.getByLabel('Bot').selectOption({ label: '@second_bot' });
    await expect.poll(() => title.textContent()).toBe('Grace');
    await page.locator('#choose-inbox').selectOption(`intercom/${first.workspaceId}`);
    await expect.poll(() => title.textContent()).toBe('Ada Lovelace');
    await link.click();
    await expect.poll(() => title.textContent()).toBe('Grace');
    await link.waitFor({ state: 'hidden' });
    await page.reload();
    await expect.poll(() => title.textContent()).toBe('Grace');
  });

  it('shows the bot that the person chooses while the page reads the chats of another bot', async () => {
    const { page, sandbox } = rig;
    const first = await rig.showChat();
    const second = await beginChat(sandbox.url);
    const choice = page.getByLabel('Bot');
    await choice.locator(`option[value="${second.botId}"]`).waitFor({ state: 'attached' });
    const chatsOfFirst = `**/control/telegram/chats?bot_id=${first.botId}`;
    const held = new Promise<Route>((resolve) => void page.route(chatsOfFirst, resolve, { times: 1 }));
    await first.send('This starts a read of the first bot');
    const read = await held;
    await choice.selectOption(`${second.botId}`);
    await read.continue();
    await expect.poll(() => page.getByLabel('Chat', { exact: true }).inputValue()).toBe(`${second.chatId}`);
    expect(await choice.inputValue()).toBe(`${second.botId}`);
  });

  it('shows the refusals of the sandbox', async () => {
    const { page, phone } = rig;
    const story = await rig.showChat();
    await story.send('Choose', { keyboard: [[{ text: 'Poll', request_poll: {} }]] });
    await phone.getByRole('button', { name: 'Poll' }).click();
    await page.getByRole('alert').getByText('The sandbox cannot press this kind of key').waitFor();
    await page.locator('#alert').getByRole('button', { name: 'Close' }).click();
    expect(await page.getByRole('alert').textContent()).toBe('');
    // The browser logs each answer that is not a success.
    expect(rig.takeComplaints()).toEqual([expect.stringContaining('501')]);
  });

  it('renames a bot, and shows its calls as they arrived', async () => {
    const own = await openPageRig(browser);
    const story = await own.showStory();
    await own.page.getByText('The bot: its calls and its name').click();
    await own.page.getByLabel('New user name').fill('renamed_shop_bot');
    await own.page.getByRole('button', { name: 'Rename the bot' }).click();
    await expect.poll(() => own.page.locator('#choose-bot').textContent()).toContain('@renamed_shop_bot');
    await story.send('  Spaces stay  ');
    await own.page.locator('#calls').getByText('sendMessage → 200').waitFor();
    expect(await own.page.locator('#calls li').first().textContent()).toContain('"text": "  Spaces stay  "');
    expect(own.takeComplaints()).toEqual([]);
    await own.close();
  });

  it('connects again after the sandbox was away, and shows what has changed', async () => {
    const own = await openPageRig(browser);
    await own.showStory();
    const port = Number(new URL(own.sandbox.url).port);
    await own.sandbox.close();
    await own.page.getByText('Connecting …').waitFor();
    const next = createSandbox();
    await next.listen({ port });
    const story = await beginStory(next.url, { customer: { first_name: 'Grace' } });
    await story.send('Sent while the page was not connected', markups.help);
    await own.page.getByText('Live', { exact: true }).waitFor();
    await own.phone.getByText('Sent while the page was not connected').waitFor();
    await expect.poll(() => own.inbox.getByRole('heading', { level: 2 }).textContent()).toBe('Grace');
    await next.close();
    await own.close();
  });

  it('offers to add a customer and a workspace to an empty sandbox', async () => {
    const own = await openPageRig(browser);
    await own.page.getByRole('button', { name: 'Add a customer' }).click();
    await own.phone.getByRole('button', { name: 'Start' }).click();
    await own.phone.getByText('/start').waitFor();
    await own.page.getByRole('button', { name: 'Add an Intercom workspace' }).click();
    await expect.poll(() => own.page.locator('#choose-inbox').textContent()).toBe('Intercom · Demo');
    expect(own.takeComplaints()).toEqual([]);
    await own.close();
  });
});

browserSuite('the layout of the page', () => {
  it('fits a laptop without scrolling and a narrow window without scrolling sideways', async () => {
    const { page, phone } = rig;
    const story = await rig.showStory();
    for (let message = 0; message < 12; message += 1)
      await story.send('A long line of text '.repeat(12), markups.shipped);
    await phone.getByRole('button', { name: 'Need help' }).nth(11).waitFor();
    const overflow = () =>
      page.evaluate<[number, number]>(
        '[document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]',
      );
    expect(await overflow()).toEqual([0, 0]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect((await overflow())[0]).toBe(0);
    await page.setViewportSize({ width: 1280, height: 800 });
  });
});

describe('the files of the page', () => {
  it('are served with a policy that forbids inline code and every other origin', async () => {
    const sandbox = createSandbox();
    const url = await sandbox.listen();
    for (const path of ['/', '/page/page.js', '/page/phone/phone.js', '/page/page.css']) {
      const response = await fetch(`${url}${path}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/);
    }
    expect((await fetch(`${url}/page/tsconfig.json`)).status).toBe(404);
    await sandbox.close();
  });
});
