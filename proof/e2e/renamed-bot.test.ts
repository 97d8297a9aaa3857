import { type Customer, type Rig, startRig } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';
import { type Desk, inboxKinds, openDesk, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';

const rig = await startRig();
/** Its gateway looks at its bots every second. */
const watching = await startPublicRig({ CHATFERRY_WATCH_EVERY_SECONDS: '1' });
const started = 'customer: ⁂ (started the bot)';

const shownBot = async (on: Rig, { bot }: Desk) => {
  const { body } = await on.admin(`/api/v1/channels/${bot.channelId}`);
  const { username, supports_inline_queries: supportsInlineQueries } = body.bot;
  return { name: body.name, username, supportsInlineQueries };
};

let renamed = 0;
const freshName = (): string => {
  renamed += 1;
  return `renamed_${renamed}_bot`;
};

/** Asks a question whose answer the customer's app writes behind the name of the bot. */
const ask = (desk: Desk, customer: Customer) =>
  desk.send(customer, {
    type: 'reply_buttons',
    text: 'Shall we?',
    reply_markup: { inline_keyboard: [[{ text: 'Confirm', switch_inline_query_current_chat: 'confirm' }]] },
  });
const asked = 'teammate: Shall we? | [Confirm → suggests “confirm”]';
const answered = 'customer: confirm | ⁂ (answer to the button “Confirm”)';

describe.each(inboxKinds)('a bot that is renamed in BotFather, with %s', (kind) => {
  it('is known by its new names soon, and answers to the new and the old one are understood', async () => {
    const desk = await openDesk(watching, kind);
    const { telegram } = watching.sandbox;
    const customer = desk.customer();
    // Without this the question may be written before the Start, which is an update of its own.
    await desk.reads(started);
    await ask(desk, customer);
    await desk.reads(started, asked);
    const before = await shownBot(watching, desk);
    const username = freshName();
    telegram.changeBot(desk.bot.botId, { username, first_name: 'Northwind Help', supports_inline_queries: true });
    await eventually(() => {
      const logged = watching.logLines.map((line) => JSON.parse(line)).filter(({ event }) => event === 'bot.changed');
      const { channelId } = desk.bot;
      expect(logged.at(-1)).toMatchObject({ channelId, username, formerUsername: before.username });
    });
    expect(await shownBot(watching, desk)).toEqual({ name: `@${username}`, username, supportsInlineQueries: true });
    telegram.text(customer.at, { text: `@${username} confirm` });
    telegram.text(customer.at, { text: `/start@${username} promo` });
    telegram.text(customer.at, { text: `@${before.username} confirm` });
    telegram.text(customer.at, { text: '@another_bot confirm' });
    const promo = 'note: ⁂ (started the bot with “promo”)';
    await desk.reads(started, asked, answered, promo, answered, 'customer: @another_bot confirm');
  });
});

describe('the check of a channel', () => {
  it('stores the new names of its bot', async () => {
    const desk = await openDesk(rig, 'intercom');
    const before = await shownBot(rig, desk);
    const username = freshName();
    rig.sandbox.telegram.changeBot(desk.bot.botId, { username });
    const { body } = await rig.admin(`/api/v1/channels/${desk.bot.channelId}/check`, { method: 'POST' });
    expect(body.legs[0].detail).toBe(`The bot is @${username}. It was @${before.username} before.`);
    expect(await shownBot(rig, desk)).toMatchObject({ name: `@${username}`, username });
    const again = await rig.admin(`/api/v1/channels/${desk.bot.channelId}/check`, { method: 'POST' });
    expect(again.body.legs[0].detail).toBe(`The bot is @${username}.`);
  });

  it('leaves the name of a channel that a person chose', async () => {
    const desk = await openDesk(rig, 'intercom');
    const path = `/api/v1/channels/${desk.bot.channelId}`;
    await rig.admin(path, { method: 'PATCH', body: { name: 'Help desk' } });
    const username = freshName();
    rig.sandbox.telegram.changeBot(desk.bot.botId, { username });
    await rig.admin(`${path}/check`, { method: 'POST' });
    expect(await shownBot(rig, desk)).toMatchObject({ name: 'Help desk', username });
  });
});
