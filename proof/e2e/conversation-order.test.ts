import { describe, expect, it } from 'vitest';
import { inboxKinds, openDesk, shown, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';
import { keyboardRemoval } from './keyboard-removal.ts';

const rig = await startPublicRig();
const { telegram } = rig.sandbox;

const started = 'customer: ⁂ (started the bot)';
const removedShown = (text: string) => `teammate: ${text} | (reply keyboard removed)`;

describe.each(inboxKinds)('one conversation, in %s', (kind) => {
  it('is opened by a send before the customer has written, and contains the answer', async () => {
    const desk = await openDesk(rig, kind);
    const { at, ...customer } = desk.customer();
    await desk.reads(started);
    await rig.database.pool.query('truncate messages, conversations, chats, inbox_writes');
    for (const { id } of desk.conversations()) desk.deleteConversation(id);
    await desk.send({ at, ...customer }, keyboardRemoval('Your order has shipped.'));
    const opened = await desk.reads(removedShown('Your order has shipped.'));
    telegram.text(at, { text: 'Thank you' });
    const answered = await desk.reads(removedShown('Your order has shipped.'), 'customer: Thank you');
    expect([answered.id, answered.contact?.id]).toEqual([opened.id, opened.contact?.id]);
  });

  it('keeps the order of a mixed burst, chat by chat', async () => {
    const desk = await openDesk(rig, kind);
    const customers = [desk.customer(), desk.customer(), desk.customer()];
    await eventually(() => expect(desk.conversations()).toHaveLength(3));
    const wanted = await Promise.all(
      customers.map(async (customer, who) => {
        const lines = [started];
        for (let turn = 0; turn < 5; turn += 1) {
          telegram.text(customer.at, { text: `${who} says ${turn}` });
          lines.push(`customer: ${who} says ${turn}`);
          // What was said is stored before what is sent after it: their order is known.
          await eventually(async () => {
            const { rowCount } = await rig.database.pool.query(
              `select 1 from updates where channel_id = $1 and convert_from(body, 'utf8') like $2`,
              [desk.bot.channelId, `%${who} says ${turn}%`],
            );
            expect(rowCount).toBe(1);
          });
          await desk.send(customer, keyboardRemoval(`${who} is told ${turn}`));
          lines.push(removedShown(`${who} is told ${turn}`));
        }
        return lines;
      }),
    );
    await eventually(() => {
      const seen = desk.conversations().map(({ entries }) => entries.map(shown));
      expect(seen.sort()).toEqual(wanted.sort());
    });
  });

  it('belongs to a group and names each author', async () => {
    const desk = await openDesk(rig, kind, { can_read_all_group_messages: true });
    const { chat_id } = telegram.createChat({
      bot_id: desk.bot.botId,
      type: 'supergroup',
      title: 'Orders',
      user: { first_name: 'Grace' },
    });
    const at = { bot_id: desk.bot.botId, chat_id };
    telegram.text(at, { text: 'Hello' });
    const chat = { id: chat_id, type: 'supergroup', title: 'Orders' };
    const from = { id: 5_000_777, is_bot: false, first_name: 'Bob' };
    telegram.sendUpdate(at, {
      update: { message: { message_id: 900, date: 1_790_000_000, chat, from, text: 'And me' } },
    });
    const seen = await desk.reads(
      'customer: ⁂ (“Grace” in “Orders”:) | Hello',
      'customer: ⁂ (“Bob” in “Orders”:) | And me',
    );
    expect(seen.contact?.name).toBe('Orders');
  });

  it('shows an unsupported message as such, and continues', async () => {
    const desk = await openDesk(rig, kind);
    const { at } = desk.customer();
    const { chat, user } = telegram.transcript(at);
    const kinds = { of_next_year: {}, of_the_year_after: { value: 3 }, a_list: [1] };
    for (const [index, [name, content]] of Object.entries(kinds).entries()) {
      const message = { message_id: 900 + index, date: 1_790_000_000, chat, from: user, [name]: content };
      telegram.sendUpdate(at, { update: { message } });
    }
    telegram.sendUpdate(at, { update: { message: { message_id: 'no number', chat } } });
    telegram.text(at, { text: 'Hello' });
    const lines = Object.keys(kinds).map((name) => `customer: ⁂ (unsupported message (${name}))`);
    await desk.reads(started, ...lines, 'customer: Hello');
  });

  it('accepts text with characters that PostgreSQL refuses, and continues', async () => {
    const desk = await openDesk(rig, kind);
    const { at } = desk.customer();
    const { chat, user } = telegram.transcript(at);
    const message = { message_id: 900, date: 1_790_000_000, chat, from: user, text: 'a\u0000b\ud83d' };
    telegram.sendUpdate(at, { update: { message } });
    telegram.text(at, { text: 'Hello' });
    await desk.reads(started, 'customer: ab\ufffd', 'customer: Hello');
  });
});
