import type { Customer } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';
import { type AgentsDesk, openAgentsDesk } from './agents-desk.ts';
import { inboxKinds, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';
import { messageCalls } from './message-calls.ts';

const rig = await startPublicRig();
const { telegram } = rig.sandbox;
const path = '/api/v1/messages';
const started = 'customer: ⁂ (started the bot)';

const { call, post, edit, remove } = messageCalls(rig);
const shown = ({ at }: Customer) => telegram.transcript(at).messages.filter(({ sender }) => sender === 'bot');
const yes = { text: 'Yes', data: 'y1' };
const refuse = (customer: Customer, operation: string, code: number, description: string) =>
  rig.sandbox.faults.inject({
    provider: 'telegram',
    operation,
    subject: customer.chatId,
    times: 1,
    effect: { kind: 'answer-before', answer: { status: code, body: { ok: false, error_code: code, description } } },
  });

describe.each(inboxKinds)('an edit of a message, in %s', (kind) => {
  it('replaces words and buttons in the chat, and the inbox says what they are now', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const customer = desk.customer();
    // Without this the message may be written before the Start, which is an update of its own.
    await desk.reads(started);
    const { id } = await post(desk, { to: customer.chatId, text: 'Shipped', buttons: [[yes]] });
    const words = await edit(desk, id, { text: '**Delivered**', format: 'markdown' });
    expect([words.status, words.body.text, words.body.edits]).toEqual([
      200,
      'Delivered',
      [{ at: expect.any(String), text: 'Delivered', files: null }],
    ]);
    expect(words.body.edited_at).not.toBeNull();
    expect(shown(customer)).toMatchObject([
      { text: 'Delivered', entities: [{ type: 'bold' }], reply_markup: { inline_keyboard: [[{ text: 'Yes' }]] } },
    ]);
    const buttons = await edit(desk, id, { buttons: [[{ text: 'Rate', data: { stars: 5 } }]] });
    expect(buttons.body.buttons).toEqual([[{ text: 'Rate', action: 'data', data: { stars: 5 } }]]);
    await edit(desk, id, { buttons: null });
    expect(shown(customer)[0]).not.toHaveProperty('reply_markup');
    await desk.reads(
      started,
      'teammate: Shipped | [Yes]',
      'note: ⁂ (edited to:) | Delivered',
      'note: ⁂ (the buttons are now:) | [Rate]',
      'note: ⁂ (the buttons were removed)',
    );
  });

  it('is refused before anything changes in the chat when a hundred edits are kept already', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const customer = desk.customer();
    const { id } = await post(desk, { to: customer.chatId, text: 'Shipped' });
    await edit(desk, id, { text: 'Sent' });
    await rig.database.pool.query(
      `update messages set content = jsonb_set(content, '{edits}',
         to_jsonb(array(select content #> '{edits,0}' from generate_series(1, 100)))) where id = $1`,
      [id],
    );
    const { status, body } = await edit(desk, id, { text: 'Delivered' });
    expect([status, body.details[0].message]).toEqual([400, expect.stringContaining('less than 100 edits')]);
    expect((await edit(desk, id, { text: 'Sent' })).status).toBe(200);
    expect(shown(customer)).toMatchObject([{ text: 'Sent' }]);
  });

  it('and a deletion can be repeated, and are told once', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const customer = desk.customer();
    // Without this the message may be written before the Start, which is an update of its own.
    await desk.reads(started);
    const { id } = await post(desk, { to: customer.chatId, text: 'Shipped', buttons: [[yes]] });
    for (let count = 0; count < 3; count += 1) {
      const { status, body } = await edit(desk, id, { text: 'Sent', buttons: [[{ text: 'b', data: { a: 1 } }]] });
      expect([status, body.edits.length]).toEqual([200, 1]);
    }
    const deletions = [await remove(desk, id), await remove(desk, id)];
    expect(deletions.map(({ status, body }) => [status, body.deleted_at === null])).toEqual([
      [200, false],
      [200, false],
    ]);
    expect(shown(customer)).toEqual([]);
    await desk.reads(
      started,
      'teammate: Shipped | [Yes]',
      'note: ⁂ (edited to:) | Sent | ⁂ (the buttons are now:) | [b]',
      'note: ⁂ > Sent | ⁂ (this message was deleted from the chat)',
    );
    const late = await edit(desk, id, { text: 'x' });
    expect([late.status, late.body.error]).toEqual([400, expect.stringContaining('was deleted')]);
  });
});

describe('an edit of a message', () => {
  it('that Telegram carried out without an answer is done by its repetition', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const { id } = await post(desk, { to: customer.chatId, text: 'Shipped' });
    rig.sandbox.faults.inject({
      provider: 'telegram',
      operation: 'editMessageText',
      subject: customer.chatId,
      times: 1,
      effect: { kind: 'reset-after' },
    });
    const first = await edit(desk, id, { text: 'Sent' });
    expect([first.status, first.body.error]).toEqual([503, expect.stringContaining('Repeat this request')]);
    const second = await edit(desk, id, { text: 'Sent' });
    expect([second.status, second.body.text, second.body.edits.length]).toEqual([200, 'Sent', 1]);
  });

  it('waits for the send of its message', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const { id: before } = await post(desk, { to: customer.chatId, text: 'First' });
    rig.sandbox.faults.inject({
      provider: 'telegram',
      operation: 'sendMessage',
      subject: customer.chatId,
      times: 1,
      effect: { kind: 'delay-before', delayMs: 700 },
    });
    const sending = post(desk, { to: customer.chatId, text: 'Second' });
    const { body } = await call(desk, 'GET', `${path}?chat_id=${customer.chatId}`);
    const id = await eventually(async () => {
      const listed = await call(desk, 'GET', `${path}?chat_id=${customer.chatId}&state=sending`);
      expect(listed.body.data).toHaveLength(1);
      return listed.body.data[0].id;
    });
    expect(body.data.length).toBeGreaterThan(0);
    expect([
      (await edit(desk, id, { text: 'Second, edited' })).status,
      (await edit(desk, before, { text: 'f' })).status,
    ]).toEqual([200, 200]);
    expect((await sending).state).toBe('sent');
    expect(shown(customer).map(({ text }) => text)).toEqual(['f', 'Second, edited']);
  });

  it.each([
    ['editMessageText', 'Bad Request: message to edit not found', /was deleted in the chat/],
    ['editMessageText', "Bad Request: message can't be edited", /not let the bot edit/],
    ['editMessageText', 'Bad Request: ENTITY_BOUNDS_INVALID', /ENTITY_BOUNDS_INVALID/],
    ['deleteMessage', "Bad Request: message can't be deleted", /48 hours/],
  ])('or a deletion that Telegram refuses says why: %s, %s', async (method, description, sentence) => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const { id } = await post(desk, { to: customer.chatId, text: 'Shipped' });
    refuse(customer, method, 400, description);
    const { status, body } = method === 'deleteMessage' ? await remove(desk, id) : await edit(desk, id, { text: 'x' });
    expect([status, body.error_code, body.error]).toEqual([400, 5, expect.stringMatching(sentence)]);
    const { body: after } = await call(desk, 'GET', `${path}/${id}`);
    expect([after.text, after.edits, after.deleted_at]).toEqual(['Shipped', [], null]);
  });

  it('of words does not bring buttons back that a tap removed', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const on_tap = Object.fromEntries([['then', 'remove']]);
    const { id } = await post(desk, { to: customer.chatId, text: 'Which?', buttons: [[yes]], on_tap });
    telegram.tap(customer.at, { message_id: shown(customer)[0]?.message_id ?? 0, row: 0, column: 0 });
    await eventually(async () => expect((await call(desk, 'GET', `${path}/${id}`)).body.taps).toHaveLength(1));
    await eventually(() => expect(shown(customer)[0]).not.toHaveProperty('reply_markup'));
    await edit(desk, id, { text: 'Chosen' });
    expect(shown(customer)).toMatchObject([{ text: 'Chosen' }]);
    expect(shown(customer)[0]).not.toHaveProperty('reply_markup');
  });

  it('of what is no message of this key, or cannot be edited, is refused where the problem is', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const stranger = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const { id } = await post(desk, { to: customer.chatId, location: { latitude: 1, longitude: 2 } });
    expect((await edit(stranger, id, { text: 'x' })).status).toBe(404);
    expect((await remove(stranger, id)).status).toBe(404);
    expect((await edit(desk, id, { text: 'x' })).body.details[0].pointer).toBe('/text');
    expect((await edit(desk, id, {})).status).toBe(400);
    expect((await edit(desk, id, { buttons: null, format: 'html' })).body.details[0].pointer).toBe('/text');
    const inbound = await eventually(async () => {
      const { body } = await call(desk, 'GET', `${path}?chat_id=${customer.chatId}&state=received`);
      expect(body.data).toHaveLength(1);
      return body.data[0].id;
    });
    expect((await remove(desk, inbound)).body.error).toContain('came from the customer');
  });
});

describe('a message that was sent under an Idempotency-Key', () => {
  it('is answered with the same bytes after it was recorded, edited and deleted', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const send = () =>
      rig.call(path, {
        headers: { 'x-octopods-auth': desk.bot.key, 'idempotency-key': 'same-1' },
        body: { to: customer.chatId, text: '<b>Shipped</b>', format: 'html', buttons: [[yes]], metadata: { a: 'b' } },
      });
    await desk.reads(started);
    const first = await send();
    expect([first.status, first.body.text, first.body.mirror.state]).toEqual([201, 'Shipped', 'pending']);
    const same = async () => {
      const again = await send();
      expect([again.status, JSON.stringify(again.body)]).toEqual([201, JSON.stringify(first.body)]);
    };
    await desk.reads(started, 'teammate: Shipped | [Yes]');
    await same();
    await edit(desk, first.body.id, { text: 'Delivered', buttons: null });
    await same();
    await remove(desk, first.body.id);
    await same();
  });
});

describe('a key that may send and not read', () => {
  const keyOf = async (desk: AgentsDesk) => {
    const body = { kind: 'workspace', workspace_id: desk.bot.workspaceId, scopes: ['send'] };
    const { secret } = (await rig.admin('/api/v1/keys', { body })).body;
    return (method: string, url: string, asked?: object) =>
      rig.call(url, {
        method,
        headers: { 'x-octopods-auth': secret },
        ...(asked === undefined ? {} : { body: asked }),
      });
  };

  it('does not learn what the customer wrote by answering it', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    telegram.text(customer.at, { text: 'My card is 4111' });
    await desk.reads(started, 'customer: My card is 4111');
    const inbound = (await call(desk, 'GET', `/api/v1/chats/${customer.chatId}/messages`)).body.data[0];
    const sendOnly = await keyOf(desk);
    const sent = await sendOnly('POST', path, { to: customer.chatId, text: 'x', reply_to: { message_id: inbound.id } });
    expect([sent.status, sent.body.reply_to]).toMatchObject([201, { message_id: inbound.id, text: null }]);
    const read = await call(desk, 'GET', `${path}/${sent.body.id}`);
    expect(read.body.reply_to.text).toBe('My card is 4111');
  });

  it('does not learn what an agent wrote by an edit that changes nothing', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    telegram.text(customer.at, { text: 'Hi' });
    await desk.reads(started, 'customer: Hi');
    await desk.answer('Your code is 77');
    await eventually(() => expect(shown(customer)).toMatchObject([{ text: 'Your code is 77' }]));
    const reply = (await call(desk, 'GET', `/api/v1/chats/${customer.chatId}/messages`)).body.data[0];
    expect(reply.origin).toBe('agent');
    const sendOnly = await keyOf(desk);
    const edited = await sendOnly('PATCH', `${path}/${reply.id}`, { on_tap: { once: true } });
    const deleted = await sendOnly('DELETE', `${path}/${reply.id}`);
    expect([edited.status, deleted.status]).toEqual([404, 404]);
    expect(shown(customer)).toHaveLength(1);
  });
});
