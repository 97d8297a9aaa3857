import type { Customer } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';
import { type AgentsDesk, openAgentsDesk } from './agents-desk.ts';
import { startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';

const rig = await startPublicRig();
const { telegram } = rig.sandbox;
const path = '/api/v1/messages';

const question = {
  type: 'reply_buttons',
  text: 'Shall we?',
  reply_markup: {
    inline_keyboard: [
      [
        { text: 'Yes', callback_data: 'y1' },
        { text: 'No', callback_data: 'n1' },
      ],
    ],
  },
};

const get = async ({ bot }: AgentsDesk, url: string) =>
  (await rig.call(url, { headers: { 'x-octopods-auth': bot.key } })).body;
const tapsIn = async (desk: AgentsDesk, { chatId }: Customer) =>
  (await get(desk, `${path}?chat_id=${chatId}`)).data.filter(({ kind }: { kind: string }) => kind === 'tap');
const tap = ({ at }: Customer, messageId: number, column = 0) =>
  telegram.tap(at, { message_id: messageId, row: 0, column });
const last = ({ at }: Customer) => telegram.transcript(at).messages.at(-1)?.message_id ?? 0;

const post = async ({ bot }: AgentsDesk, body: object) => {
  const answer = await rig.call(path, { body, headers: { 'x-octopods-auth': bot.key } });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
};
/** The linter takes a property of this name for that of a promise. */
const afterwards = (change: string) => Object.fromEntries([['then', change]]);
const yes = { text: 'Yes', data: 'y1' };
const no = { text: 'No', data: 'n1' };
const noticeOf = ({ at }: Customer) => telegram.transcript(at).notice;
const answers = ({ at }: Customer) =>
  rig.sandbox.feed.since(0).filter(({ name, data }) => name === 'callback.answered' && data['chat_id'] === at.chat_id);
const labels = ({ at }: Customer) =>
  JSON.stringify(telegram.transcript(at).messages.at(-1)?.reply_markup ?? {}).match(/"text":"[^"]*"/g);
/** Both were received and applied, also those that make no message. */
const allApplied = (desk: AgentsDesk) =>
  eventually(async () => {
    const { rows } = await rig.database.pool.query(`select 1 from updates where channel_id = $1 and state = 'stored'`, [
      desk.bot.channelId,
    ]);
    expect(rows).toEqual([]);
  });
const ignoredOf = async (desk: AgentsDesk) => {
  const { rows } = await rig.database.pool.query<{ detail: string }>(
    `select detail from updates where channel_id = $1 and state = 'ignored' order by id`,
    [desk.bot.channelId],
  );
  return rows.map(({ detail }) => detail);
};

describe('a tap of a button', () => {
  it('of the seed’s endpoint names its button and the message of that, on both messages', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const sent = await desk.send(customer, question);
    tap(customer, last(customer), 1);
    const inbound = await eventually(async () => {
      const [found] = await tapsIn(desk, customer);
      expect(found.tap).toEqual({ button: 'No', data: 'n1', message_id: sent.message_id });
      return found;
    });
    const outbound = await get(desk, `${path}/${sent.message_id}`);
    expect(outbound.taps).toEqual([{ at: inbound.created_at, inbound_id: inbound.id, button: 'No', data: 'n1' }]);
    expect(outbound.buttons[0][1]).toEqual({ text: 'No', action: 'data', data: 'n1' });
  });

  it.each([
    ['an object', { order: 'A-1', items: [1, 2], note: 'ä'.repeat(100) }],
    ['a number', 7],
    ['false', false],
    ['an empty text', ''],
    ['a text that looks like a token', 'cf1:abc:0'],
    ['a text of 65 bytes', `${'é'.repeat(32)}x`],
    ['a text of 64 bytes', 'é'.repeat(32)],
    ['4096 bytes of JSON', 'x'.repeat(4094)],
  ])('returns the data unchanged: %s', async (_name, data) => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const sent = await post(desk, { to: customer.chatId, text: 'Which?', buttons: [[{ text: 'This', data }]] });
    expect(sent.buttons).toEqual([[{ text: 'This', action: 'data', data }]]);
    tap(customer, last(customer));
    await eventually(async () => {
      const [found] = await tapsIn(desk, customer);
      expect(found.tap).toEqual({ button: 'This', data, message_id: sent.id });
    });
  });

  it('with data over 4 KB is refused where it is', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const body = { to: desk.customer().chatId, text: 'x', buttons: [[yes, { text: 'b', data: 'x'.repeat(4095) }]] };
    const { status, body: refused } = await rig.call(path, { body, headers: { 'x-octopods-auth': desk.bot.key } });
    expect([status, refused.details[0].pointer]).toEqual([400, '/buttons/0/1/data']);
    expect(refused.error).toContain('4096 bytes');
  });

  it('keeps its data over a restart of the gateway, and shows an agent the label alone', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const data = { secret: 'do-not-show', at: 'x'.repeat(80) };
    await desk.reads('customer: ⁂ (started the bot)');
    await post(desk, { to: customer.chatId, text: 'Which?', buttons: [[{ text: 'This', data }, yes]] });
    // What the provider could not deliver during the restart it delivers again only after a while.
    await desk.reads('customer: ⁂ (started the bot)', 'teammate: Which? | [This] [Yes]');
    await rig.restart();
    tap(customer, last(customer));
    await eventually(async () => expect((await tapsIn(desk, customer))[0]?.tap.data).toEqual(data));
    await desk.reads(
      'customer: ⁂ (started the bot)',
      'teammate: Which? | [This] [Yes]',
      'customer: ⁂ > Which? | This | ⁂ (tapped a button)',
    );
  });

  it('of a token that nothing is known of has no data', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    await post(desk, { to: customer.chatId, text: 'Which?', buttons: [[{ text: 'This', data: 5 }]] });
    await rig.database.pool.query('update messages set channel_message_id = 999999 where chat_id = $1', [
      customer.chatId,
    ]);
    tap(customer, last(customer));
    await eventually(async () => {
      const [found] = await tapsIn(desk, customer);
      expect(found.tap).toEqual({ button: 'This', data: null, message_id: null });
    });
  });
});

describe('what a message says about its taps', () => {
  it('is a toast or an alert, and marks or removes buttons; a button’s own words replace those of the message', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    await post(desk, {
      to: customer.chatId,
      text: 'Which?',
      buttons: [[yes, { ...no, on_tap: { alert: 'Sure?', ...afterwards('remove') } }]],
      on_tap: { toast: 'Thanks', ...afterwards('mark') },
    });
    tap(customer, last(customer), 0);
    await eventually(() => {
      expect(noticeOf(customer)).toEqual({ text: 'Thanks', show_alert: false });
      expect(labels(customer)).toEqual(['"text":"✓ Yes"', '"text":"No"']);
    });
    tap(customer, last(customer), 1);
    await eventually(() => {
      expect(noticeOf(customer)).toEqual({ text: 'Sure?', show_alert: true });
      expect(labels(customer)).toBeNull();
    });
    await eventually(async () =>
      expect((await tapsIn(desk, customer)).map(({ tap }: { tap: object }) => tap)).toMatchObject([
        { button: 'No', data: 'n1' },
        { button: 'Yes', data: 'y1' },
      ]),
    );
  });

  it('is the setting of the channel where the message says nothing', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    await rig.admin(`/api/v1/channels/${desk.bot.channelId}`, {
      method: 'PATCH',
      body: { options: { tap: { toast: 'Noted', after: 'mark' } } },
    });
    const customer = desk.customer();
    await post(desk, { to: customer.chatId, text: 'Which?', buttons: [[yes, no]], on_tap: afterwards('keep') });
    tap(customer, last(customer), 0);
    await eventually(() => expect(noticeOf(customer)?.text).toBe('Noted'));
    await allApplied(desk);
    expect(labels(customer)).toEqual(['"text":"Yes"', '"text":"No"']);
  });

  it('can be that one tap counts: the others are answered, and neither the backend nor an agent learns of them', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const sent = await post(desk, {
      to: customer.chatId,
      text: 'Which?',
      buttons: [[yes, no]],
      on_tap: { toast: 'Thanks', once: true },
    });
    tap(customer, last(customer), 0);
    tap(customer, last(customer), 1);
    tap(customer, last(customer), 0);
    await eventually(() => expect(answers(customer)).toHaveLength(3));
    await allApplied(desk);
    expect(
      answers(customer)
        .map(({ data }) => data['text'])
        .sort(),
    ).toEqual(['', '', 'Thanks']);
    expect(await tapsIn(desk, customer)).toHaveLength(1);
    expect((await get(desk, `${path}/${sent.id}`)).taps).toHaveLength(1);
    expect(await ignoredOf(desk)).toEqual(['a tap after the one that counted', 'a tap after the one that counted']);
  });

  it('can be that one tap counts of several that arrive at several replicas at once', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    await rig.startAnother({ CHATFERRY_PORT: '0' });
    const customer = desk.customer();
    await post(desk, { to: customer.chatId, text: 'Which?', buttons: [[yes, no]], on_tap: { once: true } });
    for (let count = 0; count < 10; count += 1) tap(customer, last(customer), count % 2);
    await eventually(() => expect(answers(customer)).toHaveLength(10));
    await allApplied(desk);
    expect(await tapsIn(desk, customer)).toHaveLength(1);
  });

  it('can be that taps count for a time', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const sent = await post(desk, {
      to: customer.chatId,
      text: 'Which?',
      buttons: [[yes]],
      on_tap: { toast: 'Thanks', expires_in_seconds: 3600 },
    });
    tap(customer, last(customer));
    await eventually(async () => expect(await tapsIn(desk, customer)).toHaveLength(1));
    await rig.database.pool.query(
      `update attempts set finished_at = finished_at - interval '3601 seconds' where message_id = $1`,
      [sent.id],
    );
    tap(customer, last(customer));
    await eventually(() => expect(answers(customer).map(({ data }) => data['text'])).toEqual(['Thanks', '']));
    await allApplied(desk);
    expect(await tapsIn(desk, customer)).toHaveLength(1);
    expect(await ignoredOf(desk)).toEqual(['a tap after its time']);
  });
});
