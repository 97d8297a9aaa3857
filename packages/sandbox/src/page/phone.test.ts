import type { Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Browser, startBrowser } from '../testing/chromium.ts';
import { browserSuite, openPageRig, type PageRig } from '../testing/page-rig.ts';
import { type Cast, markups } from '../testing/story.ts';

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

/** Shows the chat of a new bot, which has received the customer's /start. */
const begin = async (cast?: Cast) => {
  const story = await rig.showChat(cast);
  expect((await story.nextUpdate())['message']).toMatchObject({ text: '/start' });
  return { ...rig, story };
};
const button = (name: string | RegExp) => rig.phone.getByRole('button', { name, exact: true });
const line = () => rig.phone.getByLabel('Message', { exact: true });
const said = (text: string | RegExp) => rig.phone.getByRole('listitem').filter({ hasText: text });

browserSuite('the inline buttons of the phone', () => {
  it('show the address of a link before it is opened', async () => {
    const { story, phone } = await begin();
    await story.send('Your order has shipped. Track or get help below.', markups.shipped);
    await button('Track order').click();
    const question = phone.getByRole('dialog');
    expect(await question.textContent()).toContain('https://example.com/track/ORD-9876');
    expect(await question.getByRole('link').getAttribute('rel')).toBe('noopener noreferrer');
    await question.getByRole('button', { name: 'Close' }).click();
    await question.waitFor({ state: 'detached' });
  });

  it('draft a suggested reply and send it only when Send is pressed', async () => {
    const { story } = await begin();
    await story.send('Your order has shipped.', markups.shipped);
    await button('Need help').click();
    expect(await line().inputValue()).toBe('@northwind_bot help order ORD-9876');
    await rig.phone.getByText('nothing is sent until you press Send').waitFor();
    await button('Send').click();
    await said('@northwind_bot help order ORD-9876').waitFor();
    expect(await line().inputValue()).toBe('');
    expect((await story.nextUpdate())['message']?.['text']).toBe('@northwind_bot help order ORD-9876');
  });

  it('keep the draft of a tap when an older transcript arrives after the tap', async () => {
    const { story, page } = await begin();
    await story.send('Your order has shipped.', markups.shipped);
    await button('Need help').waitFor();
    const reads: Route[] = [];
    await page.route('**/control/telegram/chats/*/*', (route) => void reads.push(route));
    const read = async (at: number) => {
      await expect.poll(() => reads.length).toBeGreaterThan(at);
      return reads[at] as Route;
    };
    await story.send('Anything else?', markups.appointment);
    const early = await read(0);
    const beforeTheTap = await early.fetch();
    await button('Need help').click();
    await early.fulfill({ response: beforeTheTap });
    await read(1);
    expect(await line().inputValue()).toBe('@northwind_bot help order ORD-9876');
    await page.unroute('**/control/telegram/chats/*/*');
    await said('Anything else?').waitFor();
    expect(await line().inputValue()).toBe('@northwind_bot help order ORD-9876');
  });

  it('send a callback to the bot and show its answer', async () => {
    const { story, phone } = await begin();
    await story.send('Choose', { inline_keyboard: [[{ text: 'Yes', callback_data: 'yes:1', style: 'success' }]] });
    await button('Yes').click();
    const first = (await story.nextUpdate())['callback_query'];
    expect(first?.['data']).toBe('yes:1');
    await story.bot('answerCallbackQuery', { callback_query_id: first?.['id'], text: 'Noted' });
    await phone.getByText('Noted').waitFor();
    await button('Yes').click();
    const second = (await story.nextUpdate())['callback_query'];
    await story.bot('answerCallbackQuery', { callback_query_id: second?.['id'], text: 'Really?', show_alert: true });
    await phone.getByRole('dialog').getByText('Really?').waitFor();
  });

  it('copy the text of a copy button', async () => {
    const { story, phone } = await begin();
    await story.send('Your code', { inline_keyboard: [[{ text: 'Copy it', copy_text: { text: 'CODE-1' } }]] });
    await button('Copy it').click();
    await phone.getByText(/(Copied|To copy): CODE-1/).waitFor();
  });
});

browserSuite('the phone in inline mode', () => {
  it('offers the inline results of the bot and posts the chosen one via the bot', async () => {
    const { story } = await begin({ inlineMode: true });
    await story.send('Ready to confirm your appointment?', markups.appointment);
    await button('Confirm').click();
    await button('Cancel').waitFor();
    await rig.phone.getByText('Waiting for @northwind_bot').waitFor();
    const query = (await story.nextUpdate())['inline_query'];
    const content = { message_text: 'confirm' };
    const result = { type: 'article', id: '1', title: 'Confirm the time', input_message_content: content };
    await story.bot('answerInlineQuery', { inline_query_id: query?.['id'], results: [result] });
    await button('Confirm the time').click();
    await said('via @northwind_bot').waitFor();
    expect((await story.nextUpdate())['message']).toMatchObject({
      text: 'confirm',
      via_bot: { username: 'northwind_bot' },
    });
  });

  it('sends a query for each typed character and stops when the person cancels', async () => {
    const { story } = await begin({ inlineMode: true });
    await line().pressSequentially('@northwind_bot ab');
    await button('Cancel').click();
    expect(await line().inputValue()).toBe('');
    await button('Send').waitFor();
    for (const query of ['', 'a', 'ab']) expect((await story.nextUpdate())['inline_query']).toMatchObject({ query });
  });
});

browserSuite('the reply keyboard of the phone', () => {
  it('folds a one-time keyboard after a press and shows it again on demand', async () => {
    const { story, phone } = await begin();
    const messageId = await story.send('How can we help you today?', markups.help);
    await button('Track my order').click();
    await said('Track my order').waitFor();
    await button('Show keyboard').waitFor();
    expect(await button('Return an item').count()).toBe(0);
    expect((await story.nextUpdate())['message']).toMatchObject({
      text: 'Track my order',
      reply_to_message: { message_id: messageId },
    });
    await button('Show keyboard').click();
    await button('Return an item').waitFor();
    await button('Hide keyboard').click();
    await phone.getByRole('group', { name: 'Reply keyboard' }).waitFor({ state: 'detached' });
  });

  it('cannot be folded if persistent, has full height without resize, and disappears when the bot removes it', async () => {
    const { story, phone } = await begin();
    const keyboard = phone.getByRole('group', { name: 'Reply keyboard' });
    await story.send('One', { keyboard: [['A']], is_persistent: true, input_field_placeholder: 'Pick a letter' });
    await keyboard.waitFor();
    expect((await keyboard.boundingBox())?.height).toBeGreaterThan(200);
    expect(await line().getAttribute('placeholder')).toBe('Pick a letter');
    expect(await button('Hide keyboard').count()).toBe(0);
    await story.send('Two', { keyboard: [['B']], resize_keyboard: true });
    await button('B').waitFor();
    expect((await keyboard.boundingBox())?.height).toBeLessThan(80);
    expect(await line().getAttribute('placeholder')).toBe('Message');
    await story.send('Thanks, we have got what we need.', markups.thanks);
    await keyboard.waitFor({ state: 'detached' });
  });

  it('asks the person before a phone number or a location is shared', async () => {
    const { story, phone } = await begin();
    await story.send('How can we help you today?', { ...markups.help, one_time_keyboard: false });
    await button('Share my number').click();
    await button('Cancel').click();
    await button('Share my number').click();
    await phone.getByRole('dialog').getByRole('button', { name: 'Share' }).click();
    await said('own number').waitFor();
    expect((await story.nextUpdate())['message']?.['contact']).toMatchObject({ user_id: story.chatId });
    await button('Share my location').click();
    await phone.getByRole('dialog').getByRole('button', { name: 'Share' }).click();
    await said('52.52001, 13.40495').waitFor();
    expect((await story.nextUpdate())['message']?.['location']).toMatchObject({ latitude: 52.520_008 });
  });

  it('drafts a reply to a message with force_reply unless the person declines', async () => {
    const { story, phone } = await begin();
    const messageId = await story.send("What's your order number?", markups.orderNumber);
    await phone.getByText('Reply to Northwind').waitFor();
    expect(await line().getAttribute('placeholder')).toBe('e.g. ORD-9876');
    await line().fill('ORD-1');
    await line().press('Enter');
    await said('ORD-1').locator('blockquote').getByText("What's your order number?").waitFor();
    expect((await story.nextUpdate())['message']?.['reply_to_message']).toMatchObject({ message_id: messageId });
    await story.send('And your name?', markups.orderNumber);
    await button('Do not reply').click();
    await line().fill('Ada');
    await button('Send').click();
    await said('Ada').last().waitFor();
    const answer = (await story.nextUpdate())['message'];
    expect([answer?.['text'], answer?.['reply_to_message']]).toEqual(['Ada', undefined]);
  });
});

browserSuite('the phone', () => {
  it('shares a phone number and a location from the attach menu', async () => {
    const { story, phone } = await begin();
    await button('Attach').click();
    await button('My phone number').click();
    await said('own number').waitFor();
    expect((await story.nextUpdate())['message']?.['contact']).toMatchObject({ user_id: story.chatId });
    await button('Attach').click();
    await button('A location …').click();
    await phone.getByLabel('Latitude').fill('-23.5505');
    await phone.getByLabel('Longitude').fill('-46.6333');
    await phone.getByLabel('Longitude').press('Enter');
    await said('-23.55050, -46.63330').waitFor();
    expect((await story.nextUpdate())['message']?.['location']).toEqual({ latitude: -23.5505, longitude: -46.6333 });
  });

  it('closes a dialog on Escape wherever the focus is, and when another chat is shown', async () => {
    const { sandbox, story, page, phone } = await begin();
    const question = phone.getByRole('dialog');
    await button('Attach').click();
    await page.getByLabel('Bot').focus();
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'detached' });
    await button('Attach').click();
    const user = { first_name: 'Grace' };
    const { chat_id } = sandbox.telegram.createChat({ bot_id: story.botId, user });
    await page.getByLabel('Chat', { exact: true }).selectOption(`${chat_id}`);
    await question.waitFor({ state: 'detached' });
    await line().fill('Hello');
    await button('Send').click();
    await said('Hello').waitFor();
  });

  it('starts, blocks and unblocks the bot', async () => {
    const { phone } = rig;
    const story = await rig.showChat({ started: false });
    await button('Start').click();
    await said('/start').waitFor();
    await button('More').click();
    await button('Block the bot').click();
    await phone.getByText('You have blocked this bot.').waitFor();
    expect(await line().isVisible()).toBe(false);
    await button('Unblock').click();
    await line().waitFor();
    expect((await story.nextUpdate())['message']?.['text']).toBe('/start');
    for (const status of ['kicked', 'member'])
      expect((await story.nextUpdate())['my_chat_member']).toMatchObject({ new_chat_member: { status } });
  });

  it('shows hostile HTML in names, labels and messages as plain text', async () => {
    const evil = '<img src=x onerror="document.title=1">';
    const { phone, page } = rig;
    const story = await rig.showStory({ botName: evil, customer: { first_name: evil } });
    await story.send(evil, { inline_keyboard: [[{ text: evil, callback_data: 'x' }]] });
    await story.send('Keys', { keyboard: [[{ text: evil }]], input_field_placeholder: evil });
    await story.record(
      'teammate',
      `<p>Hi${evil}<a href="javascript:alert(1)">link</a><svg onload="document.title=2"></svg></p>`,
    );
    await button(evil).first().waitFor();
    await said(evil).first().waitFor();
    await rig.inbox.getByText('link').waitFor();
    expect(await phone.locator('img').count()).toBe(0);
    expect(await rig.inbox.locator('img, svg[onload], [href^="javascript"]').count()).toBe(0);
    expect(await page.title()).toBe('Chatferry sandbox');
  });
});

browserSuite('the phone component', () => {
  it('shows a preview of a message without any other data', async () => {
    const { page } = await begin();
    const message = { message_id: 1, sender: 'bot', text: 'Ready?', reply_markup: markups.appointment };
    const preview = {
      bot_username: 'preview_bot',
      messages: [message],
      reply_keyboard: { ...markups.help, message_id: 1 },
    };
    await page.evaluate(`document.body.append(Object.assign(document.createElement('telegram-phone'), {
      id: 'preview', transcript: ${JSON.stringify(preview)} }))`);
    const shown = page.locator('#preview');
    await shown.getByRole('button', { name: 'Return an item' }).waitFor();
    await shown.getByRole('button', { name: 'Reschedule' }).click();
    expect(await shown.getByLabel('Message', { exact: true }).inputValue()).toBe('@preview_bot reschedule');
    await page.evaluate("document.getElementById('preview').remove()");
  });

  it('can be operated with the keyboard alone', async () => {
    const { story, page, phone } = await begin();
    await story.send('Your order has shipped.', markups.shipped);
    await button('Track order').waitFor();
    await page.getByLabel('Bot').focus();
    const focused = () =>
      page.evaluate<string>(
        '(() => { const at = document.activeElement; const inner = at?.shadowRoot?.activeElement ?? at; return inner?.getAttribute("aria-label") ?? inner?.textContent ?? ""; })()',
      );
    const tabTo = async (name: string) => {
      for (let presses = 0; presses < 20 && (await focused()) !== name; presses += 1) await page.keyboard.press('Tab');
      expect(await focused()).toBe(name);
    };
    await tabTo('Track order');
    await page.keyboard.press('Enter');
    await phone.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await phone.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await focused()).toBe('Track order');
    await tabTo('Need help');
    await page.keyboard.press('Space');
    expect(await focused()).toBe('Message');
    await page.keyboard.type(' please');
    await page.keyboard.press('Enter');
    await said('@northwind_bot help order ORD-9876 please').waitFor();
    expect(await focused()).toBe('Message');
  });
});
