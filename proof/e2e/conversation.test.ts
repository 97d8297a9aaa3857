import { describe, expect, it } from 'vitest';
import { inboxKinds, openDesk, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';

const rig = await startPublicRig();
const { telegram, feed } = rig.sandbox;

const buttons = (text: string, ...rows: readonly (readonly object[])[]) => ({
  type: 'reply_buttons',
  text,
  reply_markup: { inline_keyboard: rows },
});
const keyboard = (text: string, ...rows: readonly (readonly object[])[]) => ({
  type: 'reply_keyboard',
  text,
  reply_markup: { keyboard: rows },
});
const started = 'customer: ⁂ (started the bot)';

describe.each(inboxKinds)('the conversation in %s', (kind) => {
  it('shows the start, with the link that the customer followed', async () => {
    const desk = await openDesk(rig, kind);
    const customer = desk.customer();
    await desk.reads(started);
    telegram.start(customer.at, { payload: 'promo_7' });
    const seen = await desk.reads(started, 'note: ⁂ (started the bot with “promo_7”)');
    expect(seen.contact?.name).toBe('Grace');
  });

  it('shows texts in order and unchanged', async () => {
    const desk = await openDesk(rig, kind);
    const customer = desk.customer();
    for (const text of ['Hello', 'two\nlines & <b>signs</b>', '🙂']) telegram.text(customer.at, { text });
    const seen = await desk.reads(started, 'customer: Hello', 'customer: two | lines & <b>signs</b>', 'customer: 🙂');
    expect(seen.entries.at(-1)?.name).toBe('Grace');
  });

  it('shows the label of a reply key', async () => {
    const desk = await openDesk(rig, kind);
    const customer = desk.customer();
    await desk.reads(started);
    await desk.send(customer, keyboard('Which?', [{ text: 'Left' }, { text: 'Right' }]));
    const shownKeyboard = telegram.transcript(customer.at).reply_keyboard;
    telegram.pressKey(customer.at, { message_id: shownKeyboard?.message_id ?? 0, row: 0, column: 1 });
    await desk.reads(started, 'teammate: Which? | [Left] [Right]', 'customer: ⁂ > Which? | Right');
  });

  const help = buttons('Anything else?', [{ text: 'Need help', switch_inline_query_current_chat: 'help ORD-9' }]);
  const helpShown = 'teammate: Anything else? | [Need help → suggests “help ORD-9”]';

  it('shows a suggested reply that the customer sent, inline mode off', async () => {
    const desk = await openDesk(rig, kind);
    const customer = desk.customer();
    await desk.reads(started);
    await desk.send(customer, help);
    const messageId = telegram.transcript(customer.at).messages.at(-1)?.message_id ?? 0;
    expect(telegram.tap(customer.at, { message_id: messageId, row: 0, column: 0 }).effect).toBe('drafted');
    telegram.sendDraft(customer.at);
    await desk.reads(started, helpShown, 'customer: help ORD-9 | ⁂ (answer to the button “Need help”)');
  });

  it('shows a suggested reply that the customer picked, inline mode on, the query answered and no entry', async () => {
    const desk = await openDesk(rig, kind, { supports_inline_queries: true });
    const customer = desk.customer();
    await desk.reads(started);
    await desk.send(customer, help);
    const messageId = telegram.transcript(customer.at).messages.at(-1)?.message_id ?? 0;
    telegram.tap(customer.at, { message_id: messageId, row: 0, column: 0 });
    const results = await eventually(() => {
      const { inline_results } = telegram.transcript(customer.at);
      if (inline_results === null) throw new Error('the inline query is not answered');
      return inline_results;
    });
    expect(results).toMatchObject([{ title: 'Need help', message_text: 'help ORD-9' }]);
    await desk.reads(started, helpShown);
    telegram.chooseResult(customer.at, { index: 0 });
    await desk.reads(started, helpShown, 'customer: help ORD-9 | ⁂ (answer to the button “Need help”)');
  });

  it('shows a tap with label, data and message, and ends the spinner', async () => {
    const desk = await openDesk(rig, kind);
    const customer = desk.customer();
    await desk.reads(started);
    await desk.send(
      customer,
      buttons('Shall we?', [
        { text: 'Yes', callback_data: 'y1' },
        { text: 'No', callback_data: 'n1' },
      ]),
    );
    const messageId = telegram.transcript(customer.at).messages.at(-1)?.message_id ?? 0;
    const { callback_query_id: id } = telegram.tap(customer.at, { message_id: messageId, row: 0, column: 1 });
    await feed.waitFor(({ name, data }) => name === 'callback.answered' && data['callback_query_id'] === id);
    await desk.reads(started, 'teammate: Shall we? | [Yes] [No]', 'customer: ⁂ > Shall we? | No | ⁂ (tapped a button)');
  });

  it('shows the customer’s own number and offers it to the contact; another person’s number is only shown', async () => {
    const desk = await openDesk(rig, kind);
    const customer = desk.customer();
    telegram.shareContact(customer.at, { phone_number: '15550009', other_person: { first_name: 'Bob', user_id: 99 } });
    const other = 'customer: Bob 15550009 | ⁂ (shared a contact)';
    expect((await desk.reads(started, other)).contact?.phone ?? null).toBeNull();
    telegram.shareContact(customer.at, { phone_number: '15550001' });
    const own = 'customer: Grace +15550001 | ⁂ (shared their own number)';
    const seen = await desk.reads(started, other, own);
    expect(seen.contact?.phone).toBe('+15550001');
    const phones = JSON.stringify(seen.entries.map(({ attachments }) => attachments)).match(/\+?1555000\d/g);
    expect(phones).toEqual(kind === 'hubspot' ? ['15550009', '+15550001'] : null);
  });

  it('shows a location as a link', async () => {
    const desk = await openDesk(rig, kind);
    const customer = desk.customer();
    telegram.shareLocation(customer.at, { latitude: 52.5, longitude: 13.25 });
    const text = '52.5, 13.25 https://maps.google.com/?q=52.5,13.25';
    const seen = await desk.reads(started, `customer: ${text} | ⁂ (shared a location)`);
    const location = { type: 'LOCATION', latitude: 52.5, longitude: 13.25 };
    expect(seen.entries.at(-1)?.attachments).toMatchObject(kind === 'hubspot' ? [location] : []);
  });

  it('quotes the message that a forced reply answers', async () => {
    const desk = await openDesk(rig, kind);
    const customer = desk.customer();
    await desk.reads(started);
    const asks = { type: 'highlight_reply', text: 'Your name?', reply_markup: { force_reply: true } };
    await desk.send(customer, asks);
    telegram.text(customer.at, { text: 'Grace Hopper' });
    await desk.reads(started, 'teammate: Your name? | (asks for a reply)', 'customer: ⁂ > Your name? | Grace Hopper');
  });

  it('shows buttons that cannot be used, and that a message with buttons asks for a reply', async () => {
    const desk = await openDesk(rig, kind);
    const customer = desk.customer();
    await desk.reads(started);
    const inline_keyboard = [[{ text: 'Sold out', disabled: {} }]];
    const asks = { type: 'reply_buttons', text: 'Another?', reply_markup: { inline_keyboard, force_reply: true } };
    await desk.send(customer, asks);
    telegram.text(customer.at, { text: 'The red one' });
    await desk.reads(
      started,
      'teammate: Another? | [Sold out → cannot be used] | (asks for a reply)',
      'customer: ⁂ > Another? | The red one',
    );
  });

  it('shows an edit beside the original text', async () => {
    const desk = await openDesk(rig, kind);
    const customer = desk.customer();
    const { message_id } = telegram.text(customer.at, { text: 'Helo' });
    telegram.edit(customer.at, { message_id, text: 'Hello' });
    await desk.reads(started, 'customer: Helo', 'customer: Hello | ⁂ (edited)');
  });

  it('shows a block and its end as notes, and a send in between fails', async () => {
    const desk = await openDesk(rig, kind);
    const customer = desk.customer();
    await desk.reads(started);
    telegram.block(customer.at);
    const blocked = 'note: ⁂ (blocked the bot: messages cannot reach this customer until they unblock it)';
    await desk.reads(started, blocked);
    await expect(desk.send(customer, help)).rejects.toThrow('bot was blocked by the user');
    telegram.unblock(customer.at);
    await desk.reads(started, blocked, 'note: ⁂ (unblocked the bot)');
    await desk.send(customer, help);
    await desk.reads(started, blocked, 'note: ⁂ (unblocked the bot)', helpShown);
  });

  it('shows a duplicate update once', async () => {
    const desk = await openDesk(rig, kind);
    const customer = desk.customer();
    telegram.text(customer.at, { text: 'once' });
    await desk.reads(started, 'customer: once');
    telegram.duplicateLastUpdate(customer.at);
    telegram.text(customer.at, { text: 'afterwards' });
    await desk.reads(started, 'customer: once', 'customer: afterwards');
  });
});
