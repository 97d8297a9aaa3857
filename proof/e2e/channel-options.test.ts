import type { Customer } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';
import { type AgentsDesk, openAgentsDesk } from './agents-desk.ts';
import { inboxKinds, shown, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';

const rig = await startPublicRig();
const { telegram } = rig.sandbox;
const started = 'customer: ⁂ (started the bot)';

const setOptions = async (desk: AgentsDesk, options: object) => {
  const path = `/api/v1/channels/${desk.bot.channelId}`;
  const { status, body } = await rig.admin(path, { method: 'PATCH', body: { options } });
  expect(status, JSON.stringify(body)).toBe(200);
  return body.options;
};

const said = ({ at }: Customer) => telegram.sent(at).map(({ text }) => text);
const saidTo = (customer: Customer, ...texts: readonly string[]) =>
  eventually(() => expect(said(customer)).toEqual(texts));
const last = ({ at }: Customer) => telegram.transcript(at).messages.at(-1);
const notesOf = (desk: AgentsDesk) =>
  desk
    .conversations()
    .flatMap(({ entries }) => entries)
    .filter(({ by }) => by === 'note')
    .map(shown);

const away = { time_zone: 'Europe/Berlin', weekly: [], text: 'We are away.' };
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

describe.each(inboxKinds)('the options of a channel, in %s', (kind) => {
  it('have defaults, are merged, and are refused when they are incomplete', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const defaults = {
      agent_name: 'off',
      tap: { toast: null, after: 'keep' },
      welcome: null,
      out_of_office: null,
      typing: 'on',
      large_file: expect.stringContaining('{limit}'),
      shorthand: 'on',
    };
    expect(await setOptions(desk, {})).toMatchObject(defaults);
    await setOptions(desk, { tap: { toast: 'Noted' } });
    expect(await setOptions(desk, { tap: { after: 'mark' }, out_of_office: away })).toMatchObject({
      tap: { toast: 'Noted', after: 'mark' },
      out_of_office: { ...away, at_most_every_minutes: 240 },
    });
    expect(await setOptions(desk, { out_of_office: null, tap: { toast: null, after: 'keep' } })).toMatchObject(
      defaults,
    );
    const path = `/api/v1/channels/${desk.bot.channelId}`;
    const refused = await rig.admin(path, { method: 'PATCH', body: { options: { out_of_office: { text: 'x' } } } });
    expect([refused.status, refused.body.details[0].pointer]).toEqual([400, '/options/out_of_office/time_zone']);
  });

  it('put the agent’s name before the answer', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const customer = desk.customer();
    await setOptions(desk, { agent_name: 'first_name' });
    await desk.answer('Hello <b>you</b>');
    await saidTo(customer, 'Ada:\nHello you');
    await setOptions(desk, { agent_name: '{full_name} from Support: ' });
    await desk.answer('Bye');
    await saidTo(customer, 'Ada:\nHello you', 'Ada from Support: Bye');
  });

  it('answer a tap with a toast and mark the button, and the inbox shows the original label', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const customer = desk.customer();
    await setOptions(desk, { tap: { toast: 'Noted', after: 'mark' } });
    await desk.reads(started);
    await desk.send(customer, question);
    const messageId = last(customer)?.message_id ?? 0;
    const labels = () => JSON.stringify(last(customer)?.reply_markup).match(/"text":"[^"]*"/g);
    telegram.tap(customer.at, { message_id: messageId, row: 0, column: 1 });
    await eventually(() => {
      expect(telegram.transcript(customer.at).notice?.text).toBe('Noted');
      expect(labels()).toEqual(['"text":"Yes"', '"text":"✓ No"']);
    });
    telegram.tap(customer.at, { message_id: messageId, row: 0, column: 0 });
    await eventually(() => expect(labels()).toEqual(['"text":"✓ Yes"', '"text":"No"']));
    telegram.tap(customer.at, { message_id: messageId, row: 0, column: 0 });
    const tapped = (label: string) => `customer: ⁂ > Shall we? | ${label} | ⁂ (tapped a button)`;
    await desk.reads(started, 'teammate: Shall we? | [Yes] [No]', tapped('No'), tapped('Yes'), tapped('Yes'));
  });

  it('remove the buttons after a tap', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const customer = desk.customer();
    await setOptions(desk, { tap: { after: 'remove' } });
    await desk.send(customer, question);
    telegram.tap(customer.at, { message_id: last(customer)?.message_id ?? 0, row: 0, column: 0 });
    await eventually(() => expect(last(customer)?.reply_markup).toBeUndefined());
    expect(last(customer)?.text).toBe('Shall we?');
  });

  it('accept a tap also when the buttons cannot be changed', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const customer = desk.customer();
    await setOptions(desk, { tap: { toast: 'Noted', after: 'remove' } });
    await desk.reads(started);
    await desk.send(customer, question);
    rig.sandbox.faults.inject({
      provider: 'telegram',
      operation: 'editMessageReplyMarkup',
      times: 1,
      effect: { kind: 'reset-before' },
    });
    telegram.tap(customer.at, { message_id: last(customer)?.message_id ?? 0, row: 0, column: 0 });
    await desk.reads(
      started,
      'teammate: Shall we? | [Yes] [No]',
      'customer: ⁂ > Shall we? | Yes | ⁂ (tapped a button)',
    );
  });

  it('send a welcome once for each start, and the inbox shows it as automatic', async () => {
    const desk = await openAgentsDesk(rig, kind);
    await setOptions(desk, { welcome: 'Welcome!' });
    const customer = desk.customer();
    const welcomed = 'teammate: Welcome! | ⁂ (automatic welcome)';
    await desk.reads(started, welcomed);
    telegram.duplicateLastUpdate(customer.at);
    telegram.text(customer.at, { text: 'Hello' });
    await desk.reads(started, welcomed, 'customer: Hello');
    telegram.start(customer.at, { payload: 'again' });
    await desk.reads(started, welcomed, 'customer: Hello', 'note: ⁂ (started the bot with “again”)', welcomed);
    expect(said(customer)).toEqual(['Welcome!', 'Welcome!']);
  });

  it('do not repeat a welcome whose delivery is unknown', async () => {
    const desk = await openAgentsDesk(rig, kind);
    await setOptions(desk, { welcome: 'Welcome!' });
    const effect = { kind: 'reset-after' } as const;
    rig.sandbox.faults.inject({ provider: 'telegram', operation: 'sendMessage', times: 1, effect });
    const customer = desk.customer();
    await saidTo(customer, 'Welcome!');
    await desk.answer('Here I am');
    await saidTo(customer, 'Welcome!', 'Here I am');
  });

  it('send an away message to a customer, at most once in a while', async () => {
    const desk = await openAgentsDesk(rig, kind);
    await setOptions(desk, { welcome: 'Welcome!', out_of_office: away });
    const customer = desk.customer();
    await saidTo(customer, 'Welcome!');
    telegram.text(customer.at, { text: 'Hello' });
    await saidTo(customer, 'Welcome!', 'We are away.');
    telegram.text(customer.at, { text: 'Anyone?' });
    // Answers to one chat go in order: the second welcome comes behind what “Anyone?” would have been told.
    telegram.start(customer.at, {});
    await eventually(() => expect(said(customer).at(-1)).toBe('Welcome!'));
    expect(said(customer)).toEqual(['Welcome!', 'We are away.', 'Welcome!']);
    await eventually(() => {
      const entries = desk.conversations().flatMap(({ entries }) => entries.map(shown));
      expect(entries).toContain('teammate: We are away. | ⁂ (automatic out-of-office reply)');
    });
  });

  it('show or hide that a file is being sent', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const customer = desk.customer();
    await desk.reads(started);
    const actions = () =>
      rig.sandbox.feed
        .since(0)
        .filter(({ name, data }) => name === 'action.shown' && data['chat_id'] === customer.at.chat_id)
        .map(({ data }) => data['action']);
    const id = desk.conversations()[0]?.id ?? '';
    const file = { name: 'bill.txt', content_base64: 'QmlsbA==', content_type: 'text/plain' };
    const sendFile = () => {
      if (kind === 'intercom')
        rig.sandbox.intercom.reply(desk.accountId, id, { body: '<p>Bill</p>', attachments: [file] });
      else rig.sandbox.hubspot.reply(desk.accountId, id, { text: 'Bill', attachments: [file] });
    };
    await setOptions(desk, { typing: 'off' });
    sendFile();
    await desk.answer('There it is');
    await eventually(() => expect(said(customer)).toContain('There it is'));
    expect(actions()).toEqual([]);
    await setOptions(desk, { typing: 'on' });
    sendFile();
    await eventually(() => expect(actions()).toEqual(['upload_document']));
  });

  it('let an agent write buttons that open pages', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const customer = desk.customer();
    await desk.answer(
      'Pay here:</p><p>[Pay -&gt; <a href="https://acme.test/pay">https://acme.test/pay</a>] [Help](https://acme.test/help)',
    );
    await saidTo(customer, 'Pay here:');
    expect(last(customer)?.reply_markup).toEqual({
      inline_keyboard: [
        [
          { text: 'Pay', url: 'https://acme.test/pay' },
          { text: 'Help', url: 'https://acme.test/help' },
        ],
      ],
    });
    expect(notesOf(desk)).toEqual([]);
  });

  it('let an agent write reply keys, and their answers come back', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const customer = desk.customer();
    await desk.answer('Which?<br>[[Red]] [[Blue]]<br>[[My number -&gt; phone]]');
    await saidTo(customer, 'Which?');
    const { reply_keyboard: keyboard } = telegram.transcript(customer.at);
    expect(keyboard).toMatchObject({
      keyboard: [[{ text: 'Red' }, { text: 'Blue' }], [{ text: 'My number', request_contact: true }]],
      one_time_keyboard: true,
    });
    telegram.pressKey(customer.at, { message_id: keyboard?.message_id ?? 0, row: 0, column: 1 });
    await eventually(() => {
      const texts = desk.conversations().flatMap(({ entries }) => entries.map(({ text }) => text));
      expect(texts.some((text) => text.includes('Blue') && !text.includes('[['))).toBe(true);
    });
  });

  it('show an agent what was not understood, and send the answer unchanged', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const customer = desk.customer();
    await desk.answer('Pay here:<br>[Pay -&gt; now]');
    await saidTo(customer, 'Pay here:\n[Pay -> now]');
    await eventually(() => {
      expect(notesOf(desk)).toHaveLength(1);
      expect(notesOf(desk)[0]).toContain('“now” is no web address');
    });
    await desk.answer('Never mind');
    await saidTo(customer, 'Pay here:\n[Pay -> now]', 'Never mind');
    await setOptions(desk, { shorthand: 'off' });
    await desk.answer('x<br>[[Yes]]');
    await saidTo(customer, 'Pay here:\n[Pay -> now]', 'Never mind', 'x\n[[Yes]]');
    expect(notesOf(desk)).toHaveLength(1);
  });
});
