import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Connected, connect, refusal } from '../testing/intercom-rig.ts';

let acme: Connected;
beforeEach(async () => {
  acme = await connect();
});
afterEach(() => acme.close());

describe('POST /conversations', () => {
  it.each([
    ['no sender', { body: 'x' }, [422, 'parameter_not_found']],
    ['no text', { from: { type: 'lead', id: 'ID' } }, [400, 'parameter_invalid']],
    ['another role', { from: { type: 'user', id: 'ID' }, body: 'x' }, [404, 'not_found']],
    ['a contact that does not exist', { from: { type: 'lead', id: 'f'.repeat(24) }, body: 'x' }, [404, 'not_found']],
    [
      'eleven images',
      {
        from: { type: 'lead', id: 'ID' },
        body: 'x',
        attachment_urls: Array.from({ length: 11 }, () => 'https://a.b/c'),
      },
      [400, 'parameter_invalid'],
    ],
  ])('refuses a conversation with %s', async (_what, body, expected) => {
    const contact = await acme.lead();
    const given = JSON.parse(JSON.stringify(body).replace('"ID"', `"${contact.id}"`));
    expect(refusal(await acme.api('POST', '/conversations', given)).slice(0, 2)).toEqual(expected);
  });

  it('returns the message, which is the source of the conversation and not a part', async () => {
    const contact = await acme.lead();
    const from = { type: 'lead', id: contact.id };
    const message = (await acme.api('POST', '/conversations', { from, body: 'a <b>' })).body;
    expect(message).toMatchObject({ type: 'user_message', message_type: 'inapp', body: 'a <b>' });
    const conversation = (await acme.api('GET', `/conversations/${message.conversation_id}`)).body;
    expect(conversation).toMatchObject({
      type: 'conversation',
      state: 'open',
      open: true,
      source: {
        id: message.id,
        delivered_as: 'customer_initiated',
        body: '<p>a &lt;b&gt;</p>',
        author: { type: 'lead' },
      },
      conversation_parts: { total_count: 0 },
    });
    expect(
      (await acme.api('GET', `/conversations/${message.conversation_id}?display_as=plaintext`)).body.source.body,
    ).toBe('a <b>');
  });
});

describe('POST /messages', () => {
  const message = (contact: { id: string }, fields: object = {}) =>
    acme.api('POST', '/messages', {
      message_type: 'inapp',
      template: 'plain',
      body: 'Order shipped',
      from: { type: 'admin', id: Number(acme.adminId) },
      to: { type: 'lead', id: contact.id },
      create_conversation_without_contact_reply: true,
      ...fields,
    });

  it('opens a conversation if create_conversation_without_contact_reply is true', async () => {
    const contact = await acme.lead();
    const answered = await message(contact);
    expect(answered.body).toMatchObject({ type: 'admin_message', owner: { id: acme.adminId }, message_type: 'inapp' });
    const conversation = (await acme.api('GET', `/conversations/${answered.body.conversation_id}`)).body;
    expect(conversation.source).toMatchObject({
      id: answered.body.id,
      delivered_as: 'admin_initiated',
      author: { id: acme.adminId },
    });
    const bare = await message(contact, { create_conversation_without_contact_reply: false });
    expect(bare.body.conversation_id).toBeUndefined();
    expect(acme.rig.simulator.conversations(acme.workspace.workspace_id)).toHaveLength(1);
  });

  it('can omit the conversation id, which the search finds by source.id', async () => {
    acme.rig.simulator.setOptions(acme.workspace.workspace_id, { messageConversationId: 'absent' });
    const answered = await message(await acme.lead());
    expect(answered.body.conversation_id).toBeUndefined();
    const query = { field: 'source.id', operator: '=', value: answered.body.id };
    const found = (await acme.api('POST', '/conversations/search', { query })).body;
    expect(found).toMatchObject({
      type: 'conversation.list',
      total_count: 1,
      conversations: [{ source: { id: answered.body.id } }],
    });
  });

  it.each([
    ['a string as the sender', { from: { type: 'admin', id: '1' } }, [400, 'parameter_invalid']],
    ['a sender of another workspace', { from: { type: 'admin', id: 1 } }, [404, 'not_found']],
    ['no text', { body: '' }, [400, 'parameter_invalid']],
    ['an unknown kind', { message_type: 'conversation' }, [400, 'parameter_invalid']],
    ['an e-mail without a subject', { message_type: 'email' }, [422, 'parameter_not_found']],
  ])('refuses a message with %s', async (_what, fields, expected) => {
    expect(refusal(await message(await acme.lead(), fields)).slice(0, 2)).toEqual(expected);
  });

  it('answers 404 for a new contact during unmessageableMs', async () => {
    acme.rig.simulator.setOptions(acme.workspace.workspace_id, { unmessageableMs: 1000 });
    const contact = await acme.lead();
    expect((await message(contact)).status).toBe(404);
    acme.clock.advance(1000);
    expect((await message(contact)).status).toBe(200);
  });
});
