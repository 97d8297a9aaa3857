import { describe, expect, it } from 'vitest';
import { type Desk, inboxKinds, openDesk, shown, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';
import { keyboardRemoval } from './keyboard-removal.ts';
import { makeRetriesDue } from './make-retries-due.ts';
import { waitUntilNoJobs } from './wait-until-no-jobs.ts';

const rig = await startPublicRig();
const { telegram, faults } = rig.sandbox;

const started = 'customer: ⁂ (started the bot)';
const unavailable = { kind: 'answer-before', answer: { status: 503, body: {} } } as const;

/** The conversation once it reads so, the waits between tries shortened. */
const readsSoon = (desk: Desk, ...entries: readonly string[]) =>
  eventually(async () => {
    await makeRetriesDue(rig);
    const seen = desk.conversations();
    expect(seen.flatMap((one) => one.entries.map(shown))).toEqual(entries);
    expect(seen).toHaveLength(1);
  });

const isWaiting = () =>
  eventually(async () => {
    const { rows } = await rig.database.pool.query('select failures from lanes where failures > 0');
    expect(rows).not.toEqual([]);
  });

describe.each(inboxKinds)('while %s is down', (kind) => {
  it.each([unavailable, { kind: 'reset-before' }, { kind: 'reset-after' }] as const)(
    'messages are sent and answers stored, and afterwards everything is shown once and in order ($kind)',
    async (effect) => {
      const desk = await openDesk(rig, kind);
      const customer = desk.customer();
      await desk.reads(started);
      desk.breakInbox(effect, { everything: true, times: 1_000 });
      await desk.writes(customer, 'one');
      await desk.send(customer, keyboardRemoval('two'));
      telegram.text(customer.at, { text: 'three' });
      await isWaiting();
      await makeRetriesDue(rig);
      await isWaiting();
      faults.clear();
      telegram.text(customer.at, { text: 'four' });
      await readsSoon(
        desk,
        started,
        'customer: one',
        'teammate: two | (reply keyboard removed)',
        'customer: three',
        'customer: four',
      );
    },
  );

  it.each(['reset-after', 'truncate-after', 'reset-before'] as const)(
    'an entry whose answer was cut is searched for and not written twice (%s)',
    async (effect) => {
      const desk = await openDesk(rig, kind);
      const customer = desk.customer();
      await desk.reads(started);
      desk.breakInbox({ kind: effect });
      telegram.text(customer.at, { text: 'yes' });
      await isWaiting();
      await readsSoon(desk, started, 'customer: yes');
      desk.breakInbox({ kind: effect });
      await desk.writes(customer, 'yes');
      await desk.send(customer, keyboardRemoval('noted'));
      await readsSoon(desk, started, 'customer: yes', 'customer: yes', 'teammate: noted | (reply keyboard removed)');
      faults.clear();
    },
  );

  it.each(['reset-after', 'reset-before'] as const)(
    'a conversation whose opening was cut is opened once (%s)',
    async (effect) => {
      const desk = await openDesk(rig, kind);
      desk.breakInbox({ kind: effect });
      const customer = desk.customer();
      telegram.text(customer.at, { text: 'Hello' });
      await readsSoon(desk, started, 'customer: Hello');
      faults.clear();
    },
  );

  it('a note is not written twice', async () => {
    const desk = await openDesk(rig, kind);
    const customer = desk.customer();
    await desk.reads(started);
    desk.breakInbox({ kind: 'reset-after' });
    telegram.block(customer.at);
    const note = 'note: ⁂ (blocked the bot: messages cannot reach this customer until they unblock it)';
    await readsSoon(desk, started, note);
    telegram.unblock(customer.at);
    desk.breakInbox({ kind: 'reset-after' });
    await readsSoon(desk, started, note, 'note: ⁂ (unblocked the bot)');
    faults.clear();
  });

  it('a shared number reaches the contact later', async () => {
    const desk = await openDesk(rig, kind);
    const customer = desk.customer();
    await desk.reads(started);
    const operation = kind === 'intercom' ? 'PUT /contacts/{id}' : 'PATCH /crm/objects/{version}/contacts/{contactId}';
    faults.inject({ provider: kind, operation, times: 1, effect: unavailable });
    telegram.shareContact(customer.at, { phone_number: '15550001' });
    await readsSoon(desk, started, 'customer: Grace +15550001 | ⁂ (shared their own number)');
    expect(faults.list()).toEqual([]);
    expect(desk.conversations()[0]?.contact?.phone).toBe('+15550001');
  });
});

describe.each(inboxKinds)('a deletion in %s', (kind) => {
  it('of a conversation makes the next message open a new one', async () => {
    const desk = await openDesk(rig, kind);
    const customer = desk.customer();
    const first = await desk.reads(started);
    desk.deleteConversation(first.id);
    telegram.text(customer.at, { text: 'Hello' });
    const second = await desk.reads('customer: Hello');
    expect(second.id).not.toBe(first.id);
    await desk.send(customer, keyboardRemoval('Hi'));
    await desk.reads('customer: Hello', 'teammate: Hi | (reply keyboard removed)');
  });
});

describe('an entry that is found late', () => {
  it('is not written twice in Intercom when the first search missed it and the next try was refused', async () => {
    const desk = await openDesk(rig, 'intercom');
    const customer = desk.customer();
    const { id } = await desk.reads(started);
    const reply = { provider: 'intercom', operation: 'POST /conversations/{id}/reply', times: 1 } as const;
    const stale = { id, conversation_parts: { conversation_parts: [] } };
    faults.inject({ ...reply, effect: { kind: 'reset-after' } });
    const limited = { status: 429, body: {}, headers: { 'retry-after': '1' } };
    faults.inject({ ...reply, effect: { kind: 'answer-before', answer: limited } });
    faults.inject({
      provider: 'intercom',
      operation: 'GET /conversations/{id}',
      times: 1,
      effect: { kind: 'answer-before', answer: { status: 200, body: stale } },
    });
    telegram.text(customer.at, { text: 'yes' });
    await eventually(async () => {
      await makeRetriesDue(rig);
      expect(faults.list()).toEqual([]);
    });
    telegram.text(customer.at, { text: 'afterwards' });
    await readsSoon(desk, started, 'customer: yes', 'customer: afterwards');
  });
});

describe('a contact', () => {
  it('that was merged in Intercom keeps its conversation', async () => {
    const desk = await openDesk(rig, 'intercom');
    const customer = desk.customer();
    const { id, contact } = await desk.reads(started);
    const created = await fetch(`${rig.sandbox.url}/intercom/contacts`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${desk.accessToken}`,
        'content-type': 'application/json',
        'intercom-version': '2.16',
      },
      body: JSON.stringify({ role: 'user', external_id: 'shop-7', name: 'Grace Hopper' }),
    });
    const user = (await created.json()) as { readonly id: string };
    rig.sandbox.intercom.mergeContacts(desk.accountId, { from: contact?.id ?? '', into: user.id });
    // The simulated Intercom takes the old id in a reply; whether the real one does is not documented.
    const body = { type: 'error.list', errors: [{ code: 'not_found', message: 'User Not Found' }] };
    const effect = { kind: 'answer-before', answer: { status: 404, body } } as const;
    faults.inject({ provider: 'intercom', operation: 'POST /conversations/{id}/reply', times: 1, effect });
    telegram.text(customer.at, { text: 'Hello' });
    const answered = await desk.reads(started, 'customer: Hello');
    expect([answered.id, answered.contact?.id]).toEqual([id, user.id]);
    await desk.send(customer, keyboardRemoval('Hi'));
    await desk.reads(started, 'customer: Hello', 'teammate: Hi | (reply keyboard removed)');
  });
});

describe('a refused credential', () => {
  const refused = {
    kind: 'answer-before',
    answer: {
      status: 401,
      body: { type: 'error.list', errors: [{ code: 'unauthorized', message: 'Access Token Invalid' }] },
    },
  } as const;

  it('marks the workspace broken with what to do, loses nothing, and is cleared when the inbox works again', async () => {
    const desk = await openDesk(rig, 'intercom');
    const customer = desk.customer();
    await desk.reads(started);
    const workspace = async () => (await rig.admin(`/api/v1/workspaces/${desk.bot.workspaceId}`)).body;
    desk.breakInbox(refused, { everything: true, times: 1_000 });
    telegram.text(customer.at, { text: 'Hello?' });
    await eventually(async () =>
      expect(await workspace()).toMatchObject({ state: 'broken', problem: expect.any(String) }),
    );
    expect((await desk.send(customer, keyboardRemoval('sent anyway'))).message_id).toBeGreaterThan(0);
    faults.clear();
    await readsSoon(desk, started, 'customer: Hello?', 'teammate: sent anyway | (reply keyboard removed)');
    await eventually(async () => expect(await workspace()).toMatchObject({ state: 'active', problem: null }));
  });
});

describe.each(inboxKinds)('a refusal by %s whose words no database accepts', (kind) => {
  it('becomes the reason of a dead letter, and what follows is written', async () => {
    const desk = await openDesk(rig, kind);
    const customer = desk.customer();
    await desk.reads(started);
    await waitUntilNoJobs(rig);
    const message = 'no\u0000t like this';
    const body = kind === 'intercom' ? { type: 'error.list', errors: [{ code: 'x', message }] } : { message };
    desk.breakInbox({ kind: 'answer-before', answer: { status: 422, body } }, { everything: true, times: 1 });
    telegram.text(customer.at, { text: 'one' });
    telegram.text(customer.at, { text: 'two' });
    await readsSoon(desk, started, 'customer: two');
    const { body: letters } = await rig.admin('/api/v1/dead-letters');
    expect(JSON.stringify(letters)).toContain('not like this');
  });
});
