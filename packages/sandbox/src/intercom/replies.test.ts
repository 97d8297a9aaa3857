import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Connected, connect, partsOf, refusal } from '../testing/intercom-rig.ts';

let acme: Connected;
beforeEach(async () => {
  acme = await connect();
});
afterEach(() => acme.close());

describe('POST /conversations/{id}/reply', () => {
  it.each([
    ['no type', { type: undefined }, [422, 'parameter_not_found']],
    ['an unknown kind', { message_type: 'shout' }, [400, 'parameter_invalid']],
    ['no admin', { admin_id: undefined }, [422, 'parameter_not_found']],
    ['a number as admin', { admin_id: 6827001 }, [400, 'parameter_invalid']],
    ['an admin of another workspace', { admin_id: '1' }, [404, 'not_found']],
    ['no text', { body: undefined }, [400, 'parameter_invalid']],
    ['text where a flag belongs', { skip_notifications: 'yes' }, [400, 'parameter_invalid']],
    [
      'a file that is not base64',
      { attachment_files: [{ name: 'a', content_type: 'b/c', data: '***' }] },
      [400, 'parameter_invalid'],
    ],
  ])('refuses an admin reply with %s', async (_what, fields, expected) => {
    const id = await acme.opened(await acme.lead());
    expect(refusal(await acme.comment(id, fields)).slice(0, 2)).toEqual(expected);
    expect((await acme.api('GET', `/conversations/${id}`)).body.conversation_parts.total_count).toBe(0);
  });

  it('answers 404 for a conversation that does not exist', async () => {
    expect(refusal(await acme.comment('123'))).toEqual([404, 'not_found', 'Resource Not Found']);
    expect(refusal(await acme.api('GET', '/conversations/last'))).toEqual([404, 'not_found', 'Resource Not Found']);
  });
});

describe('a reply in the simulated Intercom', () => {
  it('is stored twice when it is sent twice, with rewritten HTML', async () => {
    const id = await acme.opened(await acme.lead());
    await acme.comment(id, { body: '<html><body><p>Hi <b>you</b></p><script>x</script></body></html>' });
    const parts = partsOf(await acme.comment(id, { body: 'line\nnext' }));
    expect(parts.map((part: { body: string }) => part.body)).toEqual([
      '<p class="no-margin">Hi <b>you</b></p>',
      '<p class="no-margin">line<br>next</p>',
    ]);
    expect(parts[0]).toMatchObject({
      part_type: 'comment',
      author: { type: 'admin', id: acme.adminId },
      app_package_code: null,
    });
  });

  it('keeps its tables, with the paragraphs in their cells, and the words for its images', async () => {
    const id = await acme.opened(await acme.lead());
    const table =
      '<tbody><tr><td><p>Plan</p></td><th>Price</th></tr><tr><td><p>Pro</p><p>(yearly)</p></td></tr></tbody>';
    const body = `<table border="1">${table}</table><img src="https://a.example/x.png" alt="Our &quot;logo&quot;"><img src="https://a.example/y.png">`;
    const [part] = partsOf(await acme.comment(id, { body }));
    const kept = table.replaceAll('<p>', '<p class="no-margin">');
    expect(part.body).toBe(
      `<div class="intercom-interblocks-table-container"><table role="presentation">${kept}</table></div>` +
        '<img src="https://a.example/x.png" alt="Our &quot;logo&quot;"><img src="https://a.example/y.png">',
    );
  });

  it('reopens a closed conversation if it is the contact’s, as a part of type open', async () => {
    const contact = await acme.lead();
    const id = await acme.opened(contact);
    const close = { message_type: 'close', type: 'admin', admin_id: acme.adminId };
    expect((await acme.api('POST', `/conversations/${id}/parts`, close)).body).toMatchObject({
      state: 'closed',
      open: false,
    });
    const answered = await acme.api('POST', `/conversations/${id}/reply`, {
      message_type: 'comment',
      type: 'user',
      intercom_user_id: contact.id,
      body: 'Thanks again :)',
    });
    expect(answered.body.state).toBe('open');
    expect(partsOf(answered).at(-1)).toMatchObject({
      part_type: 'open',
      body: '<p>Thanks again :)</p>',
      author: { type: 'lead' },
    });
  });

  it('is refused when an option is not named by a UUID', async () => {
    const id = await acme.opened(await acme.lead());
    const offer = (uuid: string) =>
      acme.comment(id, { message_type: 'quick_reply', reply_options: [{ text: 'Yes', uuid }] });
    expect(refusal(await offer('yes'))).toEqual([400, 'parameter_invalid', 'reply_options.uuid must be a UUID']);
    expect((await offer('3d1b8c60-8f2a-4a5e-9d0c-1f2e3d4c5b6a')).status).toBe(200);
  });

  it('leaves a closed conversation closed if it is a note', async () => {
    const id = await acme.opened(await acme.lead());
    await acme.api('POST', `/conversations/${id}/parts`, {
      message_type: 'close',
      type: 'admin',
      admin_id: acme.adminId,
    });
    expect((await acme.comment(id, { message_type: 'note' })).body.state).toBe('closed');
    expect((await acme.comment(id)).body.state).toBe('closed');
    acme.rig.simulator.setOptions(acme.workspace.workspace_id, { adminCommentReopens: true });
    expect((await acme.comment(id)).body.state).toBe('open');
  });

  it('is refused from a contact that is not in the conversation', async () => {
    const id = await acme.opened(await acme.lead());
    const stranger = await acme.lead();
    const reply = (who: object) =>
      acme.api('POST', `/conversations/${id}/reply`, { message_type: 'comment', type: 'user', body: 'x', ...who });
    expect(refusal(await reply({ intercom_user_id: stranger.id }))).toEqual([404, 'not_found', 'User Not Found']);
    expect(refusal(await reply({}))[0]).toBe(422);
  });

  it('has its uploaded file at an address that needs no token', async () => {
    const id = await acme.opened(await acme.lead());
    const file = { name: 'a b.txt', content_type: 'text/plain', data: Buffer.from('hello').toString('base64') };
    const [part] = partsOf(await acme.comment(id, { body: undefined, attachment_files: [file] }));
    expect(part).toMatchObject({
      body: null,
      attachments: [{ name: 'a b.txt', content_type: 'text/plain', filesize: 5 }],
    });
    expect(await (await fetch(part.attachments[0].url)).text()).toBe('hello');
  });

  it('can be redacted, and its conversation assigned and tagged', async () => {
    const id = await acme.opened(await acme.lead());
    const [part] = partsOf(await acme.comment(id));
    const redact = { type: 'conversation_part', conversation_id: id, conversation_part_id: part.id };
    expect(partsOf(await acme.api('POST', '/conversations/redact', redact))[0]).toMatchObject({ redacted: true });
    const assign = { message_type: 'assignment', type: 'admin', admin_id: acme.adminId, assignee_id: acme.adminId };
    const assigned = await acme.api('POST', `/conversations/${id}/parts`, assign);
    expect(assigned.body.admin_assignee_id).toBe(Number(acme.adminId));
    expect((await acme.api('POST', `/conversations/${id}/parts`, assign)).status).toBe(422);
    const tag = (await acme.api('POST', '/tags', { name: 'telegram' })).body;
    expect((await acme.api('POST', '/tags', { name: 'Telegram' })).body.id).toBe(tag.id);
    await acme.api('POST', `/conversations/${id}/tags`, { id: tag.id, admin_id: acme.adminId });
    expect((await acme.api('GET', `/conversations/${id}`)).body.tags.tags).toMatchObject([
      { id: tag.id, name: 'telegram' },
    ]);
  });
});
