import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Connected, connect } from '../testing/intercom-rig.ts';

let acme: Connected;
beforeEach(async () => {
  acme = await connect();
});
afterEach(() => acme.close());

describe('the control routes of the simulated Intercom', () => {
  const control = (method: string, path: string, body?: unknown) =>
    acme.rig.request(method, `/control/intercom${path}`, body);

  it('create workspaces and list them without secrets', async () => {
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
    expect(JSON.stringify(acme.rig.feed.since(0))).not.toContain(created.body.access_token);
  });

  it('return a conversation as the agent sees it', async () => {
    const contact = await acme.lead({ phone: '+4912' });
    const id = await acme.opened(contact, 'Hi there');
    await acme.comment(id, { message_type: 'note', body: 'careful' });
    const path = `/workspaces/${acme.workspace.workspace_id}/conversations/${id}`;
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
  ])('answer %s %s with an error sentence', async (method, path, body, status) => {
    const answered = await control(method, path.replace('ID', acme.workspace.workspace_id), body);
    expect(answered.status).toBe(status);
    expect(answered.body.message).toMatch(/\.$/);
  });

  it('publish the events in order', async () => {
    await acme.comment(await acme.opened(await acme.lead()));
    const names = acme.rig.feed.since(0).map((event) => event.name);
    expect(names).toEqual(['workspace.created', 'contact.created', 'conversation.created', 'part.added']);
  });

  it('carry out a reply whose answer a fault discards', async () => {
    const id = await acme.opened(await acme.lead());
    acme.rig.faults.inject({
      provider: 'intercom',
      operation: 'POST /conversations/{id}/reply',
      subject: id,
      times: 1,
      effect: { kind: 'reset-after' },
    });
    await expect(acme.comment(id)).rejects.toThrow();
    expect((await acme.api('GET', `/conversations/${id}`)).body.conversation_parts.total_count).toBe(1);
  });
});
