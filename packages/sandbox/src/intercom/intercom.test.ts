import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIntercom, type IntercomSimulator, type WorkspaceCredentials } from './intercom.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';
import { type Answered, type Rig, startRig } from './rig.ts';

let clock: ManualClock;
let rig: Rig<IntercomSimulator>;
let workspace: WorkspaceCredentials;

beforeEach(async () => {
  clock = createManualClock(1_795_000_000_000);
  rig = await startRig('intercom', createIntercom, clock);
  workspace = rig.simulator.createWorkspace({ name: 'Acme' });
});
afterEach(() => rig.close());

const api = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  rig.request(method, `/intercom${path}`, body, {
    authorization: `Bearer ${workspace.access_token}`,
    'intercom-version': '2.16',
    ...headers,
  });
const adminId = () => workspace.admins[0]?.id ?? '';
const refusal = ({ status, body }: Answered) => [status, body.errors[0].code, body.errors[0].message];
const lead = async (fields: object = {}) =>
  (await api('POST', '/contacts', { role: 'lead', name: 'Ada', ...fields })).body;
const opened = async (contact: { id: string; role: string }, body = 'Hi') =>
  (await api('POST', '/conversations', { from: { type: contact.role, id: contact.id }, body })).body.conversation_id;
const comment = (id: string, fields: object = {}) =>
  api('POST', `/conversations/${id}/reply`, {
    message_type: 'comment',
    type: 'admin',
    admin_id: adminId(),
    body: 'Hello',
    skip_notifications: true,
    ...fields,
  });
const partsOf = (answered: Answered) => answered.body.conversation_parts.conversation_parts;

describe('access', () => {
  it('refuses a call without a known token in an error list', async () => {
    const answered = await rig.request('GET', '/intercom/me');
    expect(answered.status).toBe(401);
    expect(answered.body).toMatchObject({
      type: 'error.list',
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      errors: [{ code: 'unauthorized', message: 'Access Token Invalid', field: null }],
    });
    expect(refusal(await api('GET', '/me', undefined, { authorization: 'Bearer nope' }))[0]).toBe(401);
  });

  it('keeps workspaces apart', async () => {
    const other = rig.simulator.createWorkspace();
    const contact = await lead();
    const answered = await api('GET', `/contacts/${contact.id}`, undefined, {
      authorization: `Bearer ${other.access_token}`,
    });
    expect(refusal(answered)).toEqual([404, 'not_found', 'User Not Found']);
  });

  it('takes only published versions', async () => {
    expect(refusal(await api('GET', '/me', undefined, { 'intercom-version': '2.99' }))[1]).toBe(
      'intercom_version_invalid',
    );
    expect((await api('GET', '/me', undefined, { 'intercom-version': '2.14' })).status).toBe(200);
  });

  it('tells the token owner, and lists teammates with the Operator bot', async () => {
    expect((await api('GET', '/me')).body).toMatchObject({
      type: 'admin',
      id: adminId(),
      app: { type: 'app', id_code: workspace.workspace_id, region: 'US' },
    });
    const { admins } = (await api('GET', '/admins')).body;
    expect(admins.at(-1)).toMatchObject({
      email: `operator+${workspace.workspace_id}@intercom.io`,
      has_inbox_seat: false,
    });
    expect(admins[0]).toMatchObject({ type: 'admin', id: adminId(), has_inbox_seat: true, team_ids: [] });
  });

  it('counts calls in windows of ten seconds and answers 429 with the reset time', async () => {
    rig.simulator.setOptions(workspace.workspace_id, { rateLimitPer10s: 2 });
    const first = await api('GET', '/me');
    expect(first.headers.get('x-ratelimit-limit')).toBe('2');
    expect(first.headers.get('x-ratelimit-remaining')).toBe('1');
    await api('GET', '/me');
    const third = await api('GET', '/me');
    expect(refusal(third)).toEqual([429, 'rate_limit_exceeded', 'Exceeded rate limit of 2 in 10_seconds']);
    expect(Number(third.headers.get('x-ratelimit-reset')) * 1000).toBeGreaterThan(clock.nowMs());
    await clock.advance(10_000);
    expect((await api('GET', '/me')).status).toBe(200);
  });
});

describe('contacts', () => {
  it.each([
    ['nothing that identifies', { name: 'Ada' }, [422, 'parameter_not_found']],
    ['an unknown role', { role: 'visitor' }, [400, 'parameter_invalid']],
    ['a lead with an external id', { role: 'lead', external_id: 'x' }, [400, 'parameter_invalid']],
    ['a number as external id', { external_id: 12 }, [400, 'parameter_invalid']],
    [
      'an attribute that was never created',
      { role: 'lead', custom_attributes: { nope: '1' } },
      [400, 'parameter_invalid'],
    ],
    ['an owner from elsewhere', { role: 'lead', owner_id: '1' }, [400, 'parameter_invalid']],
  ])('refuses %s', async (_what, body, expected) => {
    expect(refusal(await api('POST', '/contacts', body)).slice(0, 2)).toEqual(expected);
  });

  it('refuses JSON that cannot be read', async () => {
    const answered = await api('POST', '/contacts', '{"role":', { 'content-type': 'application/json' });
    expect(refusal(answered).slice(0, 2)).toEqual([400, 'bad_request']);
  });

  it('names the contact that stands in the way, also an archived one', async () => {
    const user = (await api('POST', '/contacts', { external_id: 'tg:1' })).body;
    expect(user).toMatchObject({ role: 'user', external_id: 'tg:1', id: expect.stringMatching(/^[0-9a-f]{24}$/) });
    const again = () => api('POST', '/contacts', { external_id: 'tg:1' });
    expect(refusal(await again())).toEqual([
      409,
      'conflict',
      `A contact matching those details already exists with id=${user.id}`,
    ]);
    await api('POST', `/contacts/${user.id}/archive`);
    expect(refusal(await again())[2]).toBe(
      `An archived contact matching those details already exists with id=${user.id}`,
    );
    expect((await api('GET', '/contacts/find_by_external_id/tg:1')).status).toBe(404);
    await api('POST', `/contacts/${user.id}/unarchive`);
    expect((await api('GET', '/contacts/find_by_external_id/tg:1')).body.id).toBe(user.id);
  });

  it('locks the external id of a deleted contact for a week', async () => {
    const user = (await api('POST', '/contacts', { external_id: 'tg:1' })).body;
    expect((await api('DELETE', `/contacts/${user.id}`)).body).toMatchObject({ id: user.id, deleted: true });
    expect((await api('POST', '/contacts', { external_id: 'tg:1' })).status).toBe(409);
    expect((await api('POST', `/contacts/${user.id}/unarchive`)).status).toBe(404);
    await clock.advance(8 * 24 * 3_600_000);
    expect((await api('POST', '/contacts', { external_id: 'tg:1' })).status).toBe(200);
  });

  it('makes two leads where one was meant: nothing is idempotent', async () => {
    expect((await lead()).id).not.toBe((await lead()).id);
  });

  it('finds a contact by attribute only after the search delay', async () => {
    rig.simulator.setOptions(workspace.workspace_id, { searchDelayMs: 60_000 });
    await api('POST', '/data_attributes', { name: 'telegram_id', model: 'contact', data_type: 'string' });
    const contact = await lead({ custom_attributes: { telegram_id: '42' } });
    const query = { field: 'custom_attributes.telegram_id', operator: '=', value: '42' };
    const search = async () => (await api('POST', '/contacts/search', { query })).body;
    expect(await search()).toMatchObject({ type: 'list', data: [], total_count: 0 });
    await clock.advance(60_000);
    expect((await search()).data.map((found: { id: string }) => found.id)).toEqual([contact.id]);
  });

  it.each([
    ['an unknown field', { field: 'custom_attributes.nope', operator: '=', value: '1' }, 'invalid_field'],
    ['an unknown operator', { field: 'name', operator: 'LIKE', value: '1' }, 'invalid_operator'],
    ['an empty list of filters', { operator: 'AND', value: [] }, 'parameter_invalid'],
  ])('refuses a search by %s', async (_what, query, code) => {
    expect(refusal(await api('POST', '/contacts/search', { query })).slice(0, 2)).toEqual([400, code]);
  });

  it('searches with AND and OR, and pages by cursor', async () => {
    for (const name of ['a', 'b', 'c']) await lead({ name });
    const filter = (value: string) => ({ field: 'name', operator: '=', value });
    const query = {
      operator: 'AND',
      value: [
        { field: 'role', operator: '=', value: 'lead' },
        { operator: 'OR', value: [filter('a'), filter('c')] },
      ],
    };
    const first = (await api('POST', '/contacts/search', { query, pagination: { per_page: 1 } })).body;
    expect(first).toMatchObject({ total_count: 2, pages: { page: 1, total_pages: 2 } });
    const starting_after = first.pages.next.starting_after;
    const second = (await api('POST', '/contacts/search', { query, pagination: { per_page: 1, starting_after } })).body;
    expect([first.data[0].name, second.data[0].name].sort()).toEqual(['a', 'c']);
    expect(second.pages.next).toBeUndefined();
  });

  it('changes only the attributes that are sent', async () => {
    for (const name of ['one', 'two'])
      await api('POST', '/data_attributes', { name, model: 'contact', data_type: 'string' });
    const contact = await lead({ custom_attributes: { one: '1' } });
    const changed = await api('PUT', `/contacts/${contact.id}`, { phone: '+4912', custom_attributes: { two: '2' } });
    expect(changed.body).toMatchObject({ phone: '+4912', name: 'Ada', custom_attributes: { one: '1', two: '2' } });
  });

  it('leads from a merged contact to the one that remains', async () => {
    const from = await lead();
    const into = (await api('POST', '/contacts', { external_id: 'tg:1' })).body;
    const conversation = await opened(from);
    const merge = (fields: object = {}) => api('POST', '/contacts/merge', { from: from.id, into: into.id, ...fields });
    expect(refusal(await merge()).slice(0, 2)).toEqual([400, 'invalid_merge']);
    await merge({ skip_duplicate_validation: true });
    const gone = await api('GET', `/contacts/${from.id}`);
    expect(refusal(gone).slice(0, 2)).toEqual([410, 'contact_merged']);
    expect(gone.headers.get('link')).toBe(`</contacts/${into.id}>; rel="canonical"`);
    expect((await api('GET', `/contacts/${from.id}`, undefined, { 'intercom-version': '2.15' })).status).toBe(404);
    expect((await api('GET', `/conversations/${conversation}`)).body.contacts.contacts[0].id).toBe(into.id);
  });

  it('refuses to create an attribute twice', async () => {
    const create = () => api('POST', '/data_attributes', { name: 'Ring', model: 'contact', data_type: 'string' });
    expect((await create()).body).toMatchObject({ type: 'data_attribute', full_name: 'custom_attributes.Ring' });
    expect(refusal(await create())).toEqual([
      400,
      'parameter_invalid',
      "You already have 'Ring' in your people data. To save this as new people data, use a different name.",
    ]);
  });
});

describe('conversations', () => {
  it.each([
    ['no sender', { body: 'x' }, [422, 'parameter_not_found']],
    ['no text', { from: { type: 'lead', id: 'ID' } }, [400, 'parameter_invalid']],
    ['another role', { from: { type: 'user', id: 'ID' }, body: 'x' }, [404, 'not_found']],
    ['a contact that is not there', { from: { type: 'lead', id: 'f'.repeat(24) }, body: 'x' }, [404, 'not_found']],
    [
      'eleven images',
      {
        from: { type: 'lead', id: 'ID' },
        body: 'x',
        attachment_urls: Array.from({ length: 11 }, () => 'https://a.b/c'),
      },
      [400, 'parameter_invalid'],
    ],
  ])('refuses to open one with %s', async (_what, body, expected) => {
    const contact = await lead();
    const given = JSON.parse(JSON.stringify(body).replace('"ID"', `"${contact.id}"`));
    expect(refusal(await api('POST', '/conversations', given)).slice(0, 2)).toEqual(expected);
  });

  it('answers an opening with the message, and the first message is the source, not a part', async () => {
    const contact = await lead();
    const from = { type: 'lead', id: contact.id };
    const message = (await api('POST', '/conversations', { from, body: 'a <b>' })).body;
    expect(message).toMatchObject({ type: 'user_message', message_type: 'inapp', body: 'a <b>' });
    const conversation = (await api('GET', `/conversations/${message.conversation_id}`)).body;
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
    expect((await api('GET', `/conversations/${message.conversation_id}?display_as=plaintext`)).body.source.body).toBe(
      'a <b>',
    );
  });

  const message = (contact: { id: string }, fields: object = {}) =>
    api('POST', '/messages', {
      message_type: 'inapp',
      template: 'plain',
      body: 'Order shipped',
      from: { type: 'admin', id: Number(adminId()) },
      to: { type: 'lead', id: contact.id },
      create_conversation_without_contact_reply: true,
      ...fields,
    });

  it('opens one from the business when asked to', async () => {
    const contact = await lead();
    const answered = await message(contact);
    expect(answered.body).toMatchObject({ type: 'admin_message', owner: { id: adminId() }, message_type: 'inapp' });
    const conversation = (await api('GET', `/conversations/${answered.body.conversation_id}`)).body;
    expect(conversation.source).toMatchObject({
      id: answered.body.id,
      delivered_as: 'admin_initiated',
      author: { id: adminId() },
    });
    const bare = await message(contact, { create_conversation_without_contact_reply: false });
    expect(bare.body.conversation_id).toBeUndefined();
    expect(rig.simulator.conversations(workspace.workspace_id)).toHaveLength(1);
  });

  it('can leave the conversation unnamed, to be searched by its source', async () => {
    rig.simulator.setOptions(workspace.workspace_id, { messageConversationId: 'absent' });
    const answered = await message(await lead());
    expect(answered.body.conversation_id).toBeUndefined();
    const query = { field: 'source.id', operator: '=', value: answered.body.id };
    const found = (await api('POST', '/conversations/search', { query })).body;
    expect(found).toMatchObject({
      type: 'conversation.list',
      total_count: 1,
      conversations: [{ source: { id: answered.body.id } }],
    });
  });

  it.each([
    ['a string as the sender', { from: { type: 'admin', id: '1' } }, [400, 'parameter_invalid']],
    ['a sender from elsewhere', { from: { type: 'admin', id: 1 } }, [404, 'not_found']],
    ['no text', { body: '' }, [400, 'parameter_invalid']],
    ['an unknown kind', { message_type: 'conversation' }, [400, 'parameter_invalid']],
    ['an e-mail without a subject', { message_type: 'email' }, [422, 'parameter_not_found']],
  ])('refuses a message with %s', async (_what, fields, expected) => {
    expect(refusal(await message(await lead(), fields)).slice(0, 2)).toEqual(expected);
  });

  it('may not know a new contact yet when it is to be messaged', async () => {
    rig.simulator.setOptions(workspace.workspace_id, { unmessageableMs: 1000 });
    const contact = await lead();
    expect((await message(contact)).status).toBe(404);
    await clock.advance(1000);
    expect((await message(contact)).status).toBe(200);
  });
});

describe('replies', () => {
  it.each([
    ['no type', { type: undefined }, [422, 'parameter_not_found']],
    ['an unknown kind', { message_type: 'shout' }, [400, 'parameter_invalid']],
    ['no admin', { admin_id: undefined }, [422, 'parameter_not_found']],
    ['a number as admin', { admin_id: 6827001 }, [400, 'parameter_invalid']],
    ['an admin from elsewhere', { admin_id: '1' }, [404, 'not_found']],
    ['no text', { body: undefined }, [400, 'parameter_invalid']],
    ['text where a flag belongs', { skip_notifications: 'yes' }, [400, 'parameter_invalid']],
    [
      'a file that is not base64',
      { attachment_files: [{ name: 'a', content_type: 'b/c', data: '***' }] },
      [400, 'parameter_invalid'],
    ],
  ])('refuses an admin reply with %s', async (_what, fields, expected) => {
    const id = await opened(await lead());
    expect(refusal(await comment(id, fields)).slice(0, 2)).toEqual(expected);
    expect((await api('GET', `/conversations/${id}`)).body.conversation_parts.total_count).toBe(0);
  });

  it('knows no conversation that is not there', async () => {
    expect(refusal(await comment('123'))).toEqual([404, 'not_found', 'Resource Not Found']);
    expect(refusal(await api('GET', '/conversations/last'))).toEqual([404, 'not_found', 'Resource Not Found']);
  });

  it('stores the same reply twice when it is sent twice, and rewrites its markup', async () => {
    const id = await opened(await lead());
    await comment(id, { body: '<html><body><p>Hi <b>you</b></p><script>x</script></body></html>' });
    const parts = partsOf(await comment(id, { body: 'line\nnext' }));
    expect(parts.map((part: { body: string }) => part.body)).toEqual([
      '<p class="no-margin">Hi <b>you</b></p>',
      '<p class="no-margin">line<br>next</p>',
    ]);
    expect(parts[0]).toMatchObject({
      part_type: 'comment',
      author: { type: 'admin', id: adminId() },
      app_package_code: null,
    });
  });

  it('reopens a closed conversation when the contact writes, with the words in a part of type open', async () => {
    const contact = await lead();
    const id = await opened(contact);
    const close = { message_type: 'close', type: 'admin', admin_id: adminId() };
    expect((await api('POST', `/conversations/${id}/parts`, close)).body).toMatchObject({
      state: 'closed',
      open: false,
    });
    const answered = await api('POST', `/conversations/${id}/reply`, {
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

  it('leaves a closed conversation closed after a note', async () => {
    const id = await opened(await lead());
    await api('POST', `/conversations/${id}/parts`, { message_type: 'close', type: 'admin', admin_id: adminId() });
    expect((await comment(id, { message_type: 'note' })).body.state).toBe('closed');
    expect((await comment(id)).body.state).toBe('closed');
    rig.simulator.setOptions(workspace.workspace_id, { adminCommentReopens: true });
    expect((await comment(id)).body.state).toBe('open');
  });

  it('refuses a contact that is not in the conversation', async () => {
    const id = await opened(await lead());
    const stranger = await lead();
    const reply = (who: object) =>
      api('POST', `/conversations/${id}/reply`, { message_type: 'comment', type: 'user', body: 'x', ...who });
    expect(refusal(await reply({ intercom_user_id: stranger.id }))).toEqual([404, 'not_found', 'User Not Found']);
    expect(refusal(await reply({}))[0]).toBe(422);
  });

  it('serves an uploaded file without a token', async () => {
    const id = await opened(await lead());
    const file = { name: 'a b.txt', content_type: 'text/plain', data: Buffer.from('hello').toString('base64') };
    const [part] = partsOf(await comment(id, { body: undefined, attachment_files: [file] }));
    expect(part).toMatchObject({
      body: null,
      attachments: [{ name: 'a b.txt', content_type: 'text/plain', filesize: 5 }],
    });
    expect(await (await fetch(part.attachments[0].url)).text()).toBe('hello');
  });

  it('redacts, assigns, and tags', async () => {
    const id = await opened(await lead());
    const [part] = partsOf(await comment(id));
    const redact = { type: 'conversation_part', conversation_id: id, conversation_part_id: part.id };
    expect(partsOf(await api('POST', '/conversations/redact', redact))[0]).toMatchObject({ redacted: true });
    const assign = { message_type: 'assignment', type: 'admin', admin_id: adminId(), assignee_id: adminId() };
    const assigned = await api('POST', `/conversations/${id}/parts`, assign);
    expect(assigned.body.admin_assignee_id).toBe(Number(adminId()));
    expect((await api('POST', `/conversations/${id}/parts`, assign)).status).toBe(422);
    const tag = (await api('POST', '/tags', { name: 'telegram' })).body;
    expect((await api('POST', '/tags', { name: 'Telegram' })).body.id).toBe(tag.id);
    await api('POST', `/conversations/${id}/tags`, { id: tag.id, admin_id: adminId() });
    expect((await api('GET', `/conversations/${id}`)).body.tags.tags).toMatchObject([{ id: tag.id, name: 'telegram' }]);
  });
});

describe('control', () => {
  const control = (method: string, path: string, body?: unknown) =>
    rig.request(method, `/control/intercom${path}`, body);

  it('creates workspaces, and lists them without their secrets', async () => {
    const created = await control('POST', '/workspaces', {
      name: 'B',
      admins: [{ name: 'Eve', email: 'e@example.com' }],
    });
    expect(created).toMatchObject({
      status: 201,
      body: { admins: [{ name: 'Eve' }], client_secret: expect.any(String) },
    });
    const listed = await control('GET', '/workspaces');
    expect(listed.body.map((one: { name: string }) => one.name)).toEqual(['Acme', 'B']);
    expect(JSON.stringify(listed.body)).not.toContain(created.body.access_token);
    expect(JSON.stringify(rig.feed.since(0))).not.toContain(created.body.access_token);
  });

  it('shows a conversation as the agent sees it', async () => {
    const contact = await lead({ phone: '+4912' });
    const id = await opened(contact, 'Hi there');
    await comment(id, { message_type: 'note', body: 'careful' });
    const path = `/workspaces/${workspace.workspace_id}/conversations/${id}`;
    await control('POST', `${path}/reply`, { kind: 'close', body: 'Bye' });
    const transcript = (await control('GET', path)).body;
    expect(transcript).toMatchObject({ state: 'closed', contact: { name: 'Ada', phone: '+4912' } });
    const seen = transcript.entries.map((entry: Record<string, unknown>) => [
      entry['part_type'],
      entry['text'],
      entry['is_note'],
    ]);
    expect(seen).toEqual([
      ['source', 'Hi there', false],
      ['note', 'careful', true],
      ['close', 'Bye', false],
    ]);
  });

  it.each([
    ['GET', '/workspaces/nope/conversations', undefined, 404],
    ['PATCH', '/workspaces/ID/options', { searchDelay: 1 }, 400],
    ['POST', '/workspaces/ID/subscribe', { url: 'nope' }, 400],
  ])('answers %s %s with a sentence', async (method, path, body, status) => {
    const answered = await control(method, path.replace('ID', workspace.workspace_id), body);
    expect(answered.status).toBe(status);
    expect(answered.body.message).toMatch(/\.$/);
  });

  it('publishes what happened in order', async () => {
    await comment(await opened(await lead()));
    const names = rig.feed.since(0).map((event) => event.name);
    expect(names).toEqual(['workspace.created', 'contact.created', 'conversation.created', 'part.added']);
  });

  it('carries out a reply whose answer is lost', async () => {
    const id = await opened(await lead());
    rig.faults.inject({
      provider: 'intercom',
      operation: 'POST /conversations/{id}/reply',
      subject: id,
      times: 1,
      effect: { kind: 'reset-after' },
    });
    await expect(comment(id)).rejects.toThrow();
    expect((await api('GET', `/conversations/${id}`)).body.conversation_parts.total_count).toBe(1);
  });
});
