import type { Effect } from '@chatferry/sandbox';
import { describe, expect, it } from 'vitest';
import { openAgentsDesk } from './agents-desk.ts';
import { inboxKinds, shown, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';

const rig = await startPublicRig();
const { telegram, intercom, hubspot } = rig.sandbox;
const date = 1_790_000_000;
const bob = { id: 5_000_777, is_bot: false, first_name: 'Bob' };

/** Joins the bot into a group of this type. */
async function openGroup(kind: (typeof inboxKinds)[number], type: 'group' | 'supergroup') {
  const desk = await openAgentsDesk(rig, kind, { can_read_all_group_messages: true });
  const user = { first_name: 'Grace' };
  const { chat_id } = telegram.createChat({ bot_id: desk.bot.botId, type, title: 'Orders', user });
  const at = { bot_id: desk.bot.botId, chat_id };
  const chat = { id: chat_id, type, title: 'Orders' };
  const says = (id: number, fields: object) =>
    telegram.sendUpdate(at, { update: { message: { message_id: id, date, chat, from: bob, ...fields } } });
  const replyIn = (conversationId: string, text: string) =>
    kind === 'intercom'
      ? intercom.reply(desk.accountId, conversationId, { body: `<p>${text}</p>` })
      : hubspot.reply(desk.accountId, conversationId, { text });
  return { desk, at, chat, says, replyIn };
}

describe.each(inboxKinds)('a group with topics, in %s', (kind) => {
  it('has one conversation for each topic, which names it and carries its answers', async () => {
    const { desk, at, chat, says, replyIn } = await openGroup(kind, 'supergroup');
    const inTopic = (topic: number, name: string) => ({
      is_topic_message: true,
      message_thread_id: topic,
      reply_to_message: { message_id: topic, date, chat, from: bob, forum_topic_created: { name, icon_color: 1 } },
    });
    says(900, { text: 'Good day' });
    says(901, { text: 'Where is it?', ...inTopic(11, 'Shipping') });
    says(902, { text: 'How much?', ...inTopic(12, 'Prices') });
    says(903, { text: 'And when?', ...inTopic(11, 'Shipping') });
    const lines = [
      ['customer: ⁂ (“Bob” in “Orders”:) | Good day'],
      [
        'customer: ⁂ (“Bob” in “Orders” › “Shipping”:) | Where is it?',
        'customer: ⁂ (“Bob” in “Orders” › “Shipping”:) | And when?',
      ],
      ['customer: ⁂ (“Bob” in “Orders” › “Prices”:) | How much?'],
    ];
    const seen = await eventually(() => {
      const all = desk.conversations();
      expect(all.map(({ entries }) => entries.map(shown)).sort()).toEqual([...lines].sort());
      return all;
    });
    const shipping = seen.find(({ entries }) => entries.length === 2);
    replyIn(shipping?.id ?? '', 'Tomorrow');
    await eventually(() =>
      expect(telegram.sent(at).map(({ text, message_thread_id }) => [text, message_thread_id])).toEqual([
        ['Tomorrow', 11],
      ]),
    );
  });
});

describe.each(inboxKinds)('an answer in a topic that was deleted, in %s', (kind) => {
  const isGone: Effect = {
    kind: 'answer-before',
    answer: {
      status: 400,
      body: { ok: false, error_code: 400, description: 'Bad Request: message thread not found' },
    },
  };
  const loseTopic = (subject: string) =>
    rig.sandbox.faults.inject({ provider: 'telegram', operation: 'sendMessage', subject, times: 1, effect: isGone });

  it('goes to the group itself, and the agent is told', async () => {
    const { desk, at, says, replyIn } = await openGroup(kind, 'supergroup');
    says(901, { text: 'Where is it?', is_topic_message: true, message_thread_id: 11 });
    const { id } = await eventually(() => desk.conversations()[0] ?? Promise.reject(new Error('not written yet')));
    loseTopic(String(at.chat_id));
    replyIn(id, 'Tomorrow');
    await eventually(() => {
      expect(telegram.sent(at).map(({ text, message_thread_id: topic }) => [text, topic])).toEqual([
        ['Tomorrow', undefined],
      ]);
      expect(desk.problemShown()).toContain('the topic: it is gone or closed');
    });
  });

  it('of a private chat goes to the chat itself', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const { chatId, at } = desk.customer();
    const chat = { id: at.chat_id, type: 'private' };
    const message = { message_id: 7, date, chat, from: { ...bob, id: at.chat_id }, text: 'In my topic' };
    telegram.sendUpdate(at, { update: { message: { ...message, message_thread_id: 4411, is_topic_message: true } } });
    const inTopic = await eventually(() => {
      const found = desk.conversations().find(({ entries }) => entries.some(({ text }) => text === 'In my topic'));
      return found ?? Promise.reject(new Error('not written yet'));
    });
    loseTopic(chatId);
    if (kind === 'intercom') intercom.reply(desk.accountId, inTopic.id, { body: '<p>Answer</p>' });
    else hubspot.reply(desk.accountId, inTopic.id, { text: 'Answer' });
    await eventually(() => {
      expect(telegram.sent(at).map(({ text, message_thread_id: topic }) => [text, topic])).toEqual([
        ['Answer', undefined],
      ]);
    });
    expect(desk.problemShown()).toBeNull();
  });
});

describe.each(inboxKinds)('a group that becomes a supergroup, in %s', (kind) => {
  it('keeps its conversation in both directions, also for a send to its old id', async () => {
    const { desk, at, says, replyIn } = await openGroup(kind, 'group');
    says(900, { text: 'Before' });
    const before = await desk.reads('customer: ⁂ (“Bob” in “Orders”:) | Before');
    const { chat_id } = telegram.migrate(at);
    const now = { ...at, chat_id };
    const after = { id: chat_id, type: 'supergroup', title: 'Orders' };
    telegram.sendUpdate(now, {
      update: { message: { message_id: 5, date, chat: after, from: bob, text: 'After' } },
    });
    const lines = ['customer: ⁂ (“Bob” in “Orders”:) | Before', 'customer: ⁂ (“Bob” in “Orders”:) | After'];
    expect((await desk.reads(...lines)).id).toBe(before.id);
    replyIn(before.id, 'Welcome back');
    await eventually(() => expect(telegram.sent(now).map(({ text }) => text)).toEqual(['Welcome back']));
    await desk.send(
      { at, chatId: String(at.chat_id) },
      { type: 'remove_reply_keyboard', text: 'Shipped', reply_markup: { remove_keyboard: true } },
    );
    await desk.reads(...lines, 'teammate: Welcome back', 'teammate: Shipped | (reply keyboard removed)');
    expect(telegram.sent(now).map(({ text }) => text)).toEqual(['Welcome back', 'Shipped']);
  });

  it('gets a note when the bot is removed, but not when the group never wrote', async () => {
    const { desk, at, says } = await openGroup(kind, 'supergroup');
    const stranger = telegram.createChat({ bot_id: desk.bot.botId, type: 'supergroup', title: 'Spam' });
    telegram.kick({ ...at, chat_id: stranger.chat_id });
    says(900, { text: 'Hello' });
    await desk.reads('customer: ⁂ (“Bob” in “Orders”:) | Hello');
    telegram.kick(at);
    await desk.reads(
      'customer: ⁂ (“Bob” in “Orders”:) | Hello',
      'note: ⁂ (the bot was removed from this group: messages cannot reach it any more)',
    );
  });
});
