import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Connected, connect, refusal } from '../testing/intercom-rig.ts';

let acme: Connected;
beforeEach(async () => {
  acme = await connect();
});
afterEach(() => acme.close());

describe('POST /contacts', () => {
  it.each([
    ['a contact without an e-mail, an external id or a role', { name: 'Ada' }, [422, 'parameter_not_found']],
    ['an unknown role', { role: 'visitor' }, [400, 'parameter_invalid']],
    ['a lead with an external id', { role: 'lead', external_id: 'x' }, [400, 'parameter_invalid']],
    ['a number as external id', { external_id: 12 }, [400, 'parameter_invalid']],
    [
      'an attribute that was never created',
      { role: 'lead', custom_attributes: { nope: '1' } },
      [400, 'parameter_invalid'],
    ],
    ['an owner of another workspace', { role: 'lead', owner_id: '1' }, [400, 'parameter_invalid']],
  ])('refuses %s', async (_what, body, expected) => {
    expect(refusal(await acme.api('POST', '/contacts', body)).slice(0, 2)).toEqual(expected);
  });

  it('refuses malformed JSON', async () => {
    const answered = await acme.api('POST', '/contacts', '{"role":', { 'content-type': 'application/json' });
    expect(refusal(answered).slice(0, 2)).toEqual([400, 'bad_request']);
  });

  it('returns the id of the conflicting contact, even if it is archived', async () => {
    const user = (await acme.api('POST', '/contacts', { external_id: 'tg:1' })).body;
    expect(user).toMatchObject({ role: 'user', external_id: 'tg:1', id: expect.stringMatching(/^[0-9a-f]{24}$/) });
    const again = () => acme.api('POST', '/contacts', { external_id: 'tg:1' });
    expect(refusal(await again())).toEqual([
      409,
      'conflict',
      `A contact matching those details already exists with id=${user.id}`,
    ]);
    await acme.api('POST', `/contacts/${user.id}/archive`);
    expect(refusal(await again())[2]).toBe(
      `An archived contact matching those details already exists with id=${user.id}`,
    );
    expect((await acme.api('GET', '/contacts/find_by_external_id/tg:1')).status).toBe(404);
    await acme.api('POST', `/contacts/${user.id}/unarchive`);
    expect((await acme.api('GET', '/contacts/find_by_external_id/tg:1')).body.id).toBe(user.id);
  });

  it('locks the external id of a deleted contact for a week', async () => {
    const user = (await acme.api('POST', '/contacts', { external_id: 'tg:1' })).body;
    expect((await acme.api('DELETE', `/contacts/${user.id}`)).body).toMatchObject({ id: user.id, deleted: true });
    expect((await acme.api('POST', '/contacts', { external_id: 'tg:1' })).status).toBe(409);
    expect((await acme.api('POST', `/contacts/${user.id}/unarchive`)).status).toBe(404);
    acme.clock.advance(8 * 24 * 3_600_000);
    expect((await acme.api('POST', '/contacts', { external_id: 'tg:1' })).status).toBe(200);
  });

  it('creates two leads for two equal calls, because it is not idempotent', async () => {
    expect((await acme.lead()).id).not.toBe((await acme.lead()).id);
  });
});

describe('POST /contacts/search', () => {
  it('finds a contact by attribute only after the search delay', async () => {
    acme.rig.simulator.setOptions(acme.workspace.workspace_id, { searchDelayMs: 60_000 });
    await acme.api('POST', '/data_attributes', { name: 'telegram_id', model: 'contact', data_type: 'string' });
    const contact = await acme.lead({ custom_attributes: { telegram_id: '42' } });
    const query = { field: 'custom_attributes.telegram_id', operator: '=', value: '42' };
    const search = async () => (await acme.api('POST', '/contacts/search', { query })).body;
    expect(await search()).toMatchObject({ type: 'list', data: [], total_count: 0 });
    acme.clock.advance(60_000);
    expect((await search()).data.map((found: { id: string }) => found.id)).toEqual([contact.id]);
  });

  it.each([
    ['an unknown field', { field: 'custom_attributes.nope', operator: '=', value: '1' }, 'invalid_field'],
    ['an unknown operator', { field: 'name', operator: 'LIKE', value: '1' }, 'invalid_operator'],
    ['an empty list of filters', { operator: 'AND', value: [] }, 'parameter_invalid'],
  ])('refuses a search by %s', async (_what, query, code) => {
    expect(refusal(await acme.api('POST', '/contacts/search', { query })).slice(0, 2)).toEqual([400, code]);
  });

  it('searches with AND and OR, and pages by cursor', async () => {
    for (const name of ['a', 'b', 'c']) await acme.lead({ name });
    const filter = (value: string) => ({ field: 'name', operator: '=', value });
    const query = {
      operator: 'AND',
      value: [
        { field: 'role', operator: '=', value: 'lead' },
        { operator: 'OR', value: [filter('a'), filter('c')] },
      ],
    };
    const first = (await acme.api('POST', '/contacts/search', { query, pagination: { per_page: 1 } })).body;
    expect(first).toMatchObject({ total_count: 2, pages: { page: 1, total_pages: 2 } });
    const starting_after = first.pages.next.starting_after;
    const second = (await acme.api('POST', '/contacts/search', { query, pagination: { per_page: 1, starting_after } }))
      .body;
    expect([first.data[0].name, second.data[0].name].sort()).toEqual(['a', 'c']);
    expect(second.pages.next).toBeUndefined();
  });
});

describe('a contact of the simulated Intercom', () => {
  it('keeps the attributes that a change does not contain', async () => {
    for (const name of ['one', 'two'])
      await acme.api('POST', '/data_attributes', { name, model: 'contact', data_type: 'string' });
    const contact = await acme.lead({ custom_attributes: { one: '1' } });
    const changed = await acme.api('PUT', `/contacts/${contact.id}`, {
      phone: '+4912',
      custom_attributes: { two: '2' },
    });
    expect(changed.body).toMatchObject({ phone: '+4912', name: 'Ada', custom_attributes: { one: '1', two: '2' } });
  });

  it('refers to the remaining contact after a merge', async () => {
    const from = await acme.lead();
    const into = (await acme.api('POST', '/contacts', { external_id: 'tg:1' })).body;
    const conversation = await acme.opened(from);
    const merge = (fields: object = {}) =>
      acme.api('POST', '/contacts/merge', { from: from.id, into: into.id, ...fields });
    expect(refusal(await merge()).slice(0, 2)).toEqual([400, 'invalid_merge']);
    await merge({ skip_duplicate_validation: true });
    const gone = await acme.api('GET', `/contacts/${from.id}`);
    expect(refusal(gone).slice(0, 2)).toEqual([410, 'contact_merged']);
    expect(gone.headers.get('link')).toBe(`</contacts/${into.id}>; rel="canonical"`);
    expect((await acme.api('GET', `/contacts/${from.id}`, undefined, { 'intercom-version': '2.15' })).status).toBe(404);
    expect((await acme.api('GET', `/conversations/${conversation}`)).body.contacts.contacts[0].id).toBe(into.id);
  });

  it('cannot have two attributes with one name', async () => {
    const create = () => acme.api('POST', '/data_attributes', { name: 'Ring', model: 'contact', data_type: 'string' });
    expect((await create()).body).toMatchObject({ type: 'data_attribute', full_name: 'custom_attributes.Ring' });
    expect(refusal(await create())).toEqual([
      400,
      'parameter_invalid',
      "You already have 'Ring' in your people data. To save this as new people data, use a different name.",
    ]);
  });
});
