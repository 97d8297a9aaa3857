import { describe, expect, it } from 'vitest';
import { type Desk, inboxKinds, openDesk, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';
import { keyboardRemoval } from './keyboard-removal.ts';
import { makeRetriesDue } from './make-retries-due.ts';
import { waitUntilNoJobs } from './wait-until-no-jobs.ts';

const rig = await startPublicRig();
const { telegram, intercom, hubspot, faults } = rig.sandbox;
const started = 'customer: ⁂ (started the bot)';
const contactsOf = (desk: Desk) =>
  desk.kind === 'intercom' ? intercom.contacts(desk.accountId) : hubspot.contacts(desk.accountId);

/** A person who started the bot before the gateway had it, and gets the first message from the API. */
async function strangerOf(desk: Desk, chatId: number) {
  const customer = { chatId: String(chatId), at: { bot_id: desk.bot.botId, chat_id: chatId } };
  await desk.send(customer, keyboardRemoval('Your parcel is here'));
  await eventually(() =>
    expect(desk.conversations()).toMatchObject([{ contact: { name: `Telegram chat ${chatId}` } }]),
  );
  return customer;
}

/** An agent gives the contact a name. */
async function nameContact(desk: Desk, contactId: string, name: string): Promise<void> {
  if (desk.kind === 'hubspot') {
    hubspot.nameContact(desk.accountId, contactId, name);
    return;
  }
  intercom.nameContact(desk.accountId, contactId, name);
}

describe.each(inboxKinds)('the contact in %s', (kind) => {
  it('that was created by a send gets the person’s name when they write', async () => {
    const desk = await openDesk(rig, kind, { accepts_any_chat: true });
    const customer = await strangerOf(desk, 41_001);
    const unavailable = { kind: 'answer-before', answer: { status: 503, body: {} } } as const;
    const rename = kind === 'intercom' ? 'PUT /contacts/{id}' : 'PATCH /crm/objects/{version}/contacts/{contactId}';
    faults.inject({ provider: kind, operation: rename, times: 1, effect: unavailable });
    telegram.text(customer.at, { text: 'Thanks' });
    await eventually(async () => {
      await makeRetriesDue(rig);
      const [conversation] = desk.conversations();
      expect(conversation?.entries).toHaveLength(2);
      expect(conversation?.contact?.name).not.toContain('Telegram chat');
    });
    expect([faults.list(), contactsOf(desk)]).toMatchObject([[], { length: 1 }]);
  });

  it('keeps a name that an agent entered', async () => {
    const desk = await openDesk(rig, kind, { accepts_any_chat: true });
    const customer = await strangerOf(desk, 41_002);
    await nameContact(desk, desk.conversations()[0]?.contact?.id ?? '', 'The baker');
    telegram.text(customer.at, { text: 'Thanks' });
    await eventually(() => expect(desk.conversations()[0]?.entries).toHaveLength(2));
    expect(desk.conversations()).toMatchObject([{ contact: { name: 'The baker' } }]);
  });

  it('is found by its Telegram chat when the gateway’s link is lost', async () => {
    const desk = await openDesk(rig, kind);
    const customer = desk.customer();
    const { contact } = await desk.reads(started);
    await waitUntilNoJobs(rig);
    await rig.database.pool.query('delete from conversations where workspace_id = $1', [desk.bot.workspaceId]);
    telegram.text(customer.at, { text: 'Hello' });
    await eventually(() => {
      const ids = desk.conversations().map((one) => [one.contact?.id, one.entries.length]);
      const together =
        kind === 'intercom'
          ? [
              [contact?.id, 1],
              [contact?.id, 1],
            ]
          : [[contact?.id, 2]];
      expect(ids).toEqual(together);
    });
    expect(contactsOf(desk)).toHaveLength(1);
  });
});

describe.each(inboxKinds)('the number of the contact in %s', (kind) => {
  it('stays when the customer shares another one, and the entry says both', async () => {
    const desk = await openDesk(rig, kind);
    const customer = desk.customer();
    const entryOf = (phone: string) => `customer: Grace ${phone} | ⁂ (shared their own number)`;
    telegram.shareContact(customer.at, { phone_number: '4930555010' });
    await desk.reads(started, entryOf('+4930555010'));
    telegram.shareContact(customer.at, { phone_number: '+491711234567' });
    const { contact } = await desk.reads(started, entryOf('+4930555010'), entryOf('+491711234567'));
    expect(contact?.phone).toBe('+4930555010');
  });
});

describe('the contact in Intercom', () => {
  const answer = (operation: string, subject: string, status: number, body: object, times = 1) => {
    const effect = { kind: 'answer-before', answer: { status, body } } as const;
    faults.inject({ provider: 'intercom', operation, subject, times, effect });
  };
  const refusal = (code: string, message: string) => ({ type: 'error.list', errors: [{ code, message }] });

  it('that was merged without a word about it is found through its conversation', async () => {
    const desk = await openDesk(rig, 'intercom');
    const customer = desk.customer();
    const { id, contact } = await desk.reads(started);
    await waitUntilNoJobs(rig);
    const made = await fetch(`${rig.sandbox.url}/intercom/contacts`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${desk.accessToken}`,
        'content-type': 'application/json',
        'intercom-version': '2.16',
      },
      body: JSON.stringify({ role: 'user', external_id: 'shop-8', name: 'Grace Hopper' }),
    });
    const user = (await made.json()) as { readonly id: string };
    const mergedId = contact?.id ?? '';
    intercom.mergeContacts(desk.accountId, { from: mergedId, into: user.id });
    answer('POST /conversations/{id}/reply', id, 404, refusal('not_found', 'User Not Found'));
    answer('GET /contacts/{id}', mergedId, 404, refusal('not_found', 'User Not Found'), 50);
    const notRestorable = refusal('parameter_invalid', 'User has been merged and is not restorable');
    answer('POST /contacts/{id}/unarchive', mergedId, 400, notRestorable, 50);
    telegram.text(customer.at, { text: 'Hello' });
    const after = await desk.reads(started, 'customer: Hello');
    expect([after.id, after.contact?.id]).toEqual([id, user.id]);
    faults.clear();
    const { body: letters } = await rig.admin('/api/v1/dead-letters');
    expect(JSON.stringify(letters)).not.toContain('not restorable');
  });

  it('that is shown although it was archived is restored, and not asked for without end', async () => {
    const desk = await openDesk(rig, 'intercom');
    const customer = desk.customer();
    const { id, contact } = await desk.reads(started);
    await waitUntilNoJobs(rig);
    // Intercom hides an archived contact as a rule; here its answers continue to show it.
    const archivedId = contact?.id ?? '';
    intercom.archiveContact(desk.accountId, archivedId);
    const shown = { type: 'contact', id: archivedId, role: 'lead', archived: true };
    answer('GET /contacts/{id}', archivedId, 200, shown, 1_000);
    answer('POST /conversations/{id}/reply', id, 404, refusal('not_found', 'User Not Found'));
    telegram.text(customer.at, { text: 'Hello' });
    await desk.reads(started, 'customer: Hello');
    faults.clear();
    expect(intercom.contacts(desk.accountId)).toMatchObject([{ id: contact?.id, state: 'live' }]);
  });

  it('that was archived is restored, and the conversation continues', async () => {
    const desk = await openDesk(rig, 'intercom');
    const customer = desk.customer();
    const { contact } = await desk.reads(started);
    intercom.archiveContact(desk.accountId, contact?.id ?? '');
    telegram.text(customer.at, { text: 'Hello' });
    const after = await desk.reads(started, 'customer: Hello');
    expect(after.contact?.id).toBe(contact?.id);
    expect(intercom.contacts(desk.accountId)).toMatchObject([{ state: 'live' }]);
  });

  it('that was deleted permanently is replaced by another with its own conversation', async () => {
    const desk = await openDesk(rig, 'intercom');
    const customer = desk.customer();
    const { id, contact } = await desk.reads(started);
    intercom.deleteContact(desk.accountId, contact?.id ?? '');
    telegram.text(customer.at, { text: 'Hello' });
    await eventually(() => {
      const [, second] = desk.conversations();
      expect(second).toMatchObject({ entries: [{ by: 'customer', text: 'Hello' }], tags: ['telegram'] });
      expect([second?.id === id, second?.contact?.id === contact?.id]).toEqual([false, false]);
    });
  });
});

describe('the contact in HubSpot', () => {
  it('that was deleted is created again, and the thread continues with it', async () => {
    const desk = await openDesk(rig, 'hubspot');
    const customer = desk.customer();
    const { id, contact } = await desk.reads(started);
    hubspot.deleteContact(desk.accountId, contact?.id ?? '');
    telegram.text(customer.at, { text: 'Hello' });
    const after = await desk.reads(started, 'customer: Hello');
    expect([after.id, after.contact?.id === contact?.id]).toEqual([id, false]);
    expect(hubspot.contacts(desk.accountId)).toHaveLength(1);
  });
});
