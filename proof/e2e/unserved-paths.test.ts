import { describe, expect, it } from 'vitest';
import { type Desk, openDesk, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';
import { makeRetriesDue } from './make-retries-due.ts';
import { waitUntilNoJobs } from './wait-until-no-jobs.ts';

const rig = await startPublicRig();
const { telegram, faults } = rig.sandbox;
const started = 'customer: ⁂ (started the bot)';
const blocked = 'note: ⁂ (blocked the bot: messages cannot reach this customer until they unblock it)';

const page = { body: '<html><title>Error 404 Not Found</title></html>', headers: { 'content-type': 'text/html' } };

const thread = 'conversations/conversations/{version}/threads';
const threadMessages = [`GET /${thread}/{threadId}/messages`, `POST /${thread}/{threadId}/messages`];

/** Some paths answer with a page, or all of an API in the words that HubSpot has for an object. */
const hubspotWays = [
  { way: 'some paths, with a page', answer: page, operations: threadMessages },
  {
    way: 'a whole API, in the words for an object',
    answer: { body: { status: 'error', category: 'OBJECT_NOT_FOUND', message: 'resource not found' } },
    operations: [...threadMessages, `GET /${thread}`, `GET /${thread}/{threadId}`],
  },
];

/** Intercom has the same words for a path and for an object. */
const intercomWays = [
  {
    way: 'some paths, with a page',
    answer: page,
    operations: ['POST /conversations/{id}/reply', 'GET /conversations/{id}'],
  },
  {
    way: 'all paths, in the words for an object',
    answer: { body: { type: 'error.list', errors: [{ code: 'not_found', message: 'Resource Not Found' }] } },
    operations: ['*'],
  },
];

/** The inbox stops serving these paths, until `faults.clear()`. */
function stopServing(desk: Desk, operations: readonly string[], answer: object): void {
  for (const operation of operations) {
    const effect = { kind: 'answer-before', answer: { status: 404, body: null, ...answer } } as const;
    faults.inject({ provider: desk.kind, operation, times: 1_000, effect });
  }
}

const isTriedAgain = () =>
  eventually(async () => {
    await makeRetriesDue(rig);
    const { rows } = await rig.database.pool.query('select failures from lanes where failures > 1');
    expect(rows).not.toEqual([]);
  });

describe('while HubSpot does not serve the version of an API', () => {
  it.each(hubspotWays)(
    'a chat does not become two conversations, and nothing is lost: $way',
    async ({ answer, operations }) => {
      const desk = await openDesk(rig, 'hubspot');
      const customer = desk.customer();
      const { id } = await desk.reads(started);
      await waitUntilNoJobs(rig);
      stopServing(desk, operations, answer);
      telegram.block(customer.at);
      await isTriedAgain();
      expect(desk.conversations()).toHaveLength(1);
      faults.clear();
      telegram.unblock(customer.at);
      const after = await desk.reads(started, blocked, 'note: ⁂ (unblocked the bot)');
      expect(after.id).toBe(id);
    },
  );

  it('its contact is not made again', async () => {
    const desk = await openDesk(rig, 'hubspot');
    const customer = desk.customer();
    const { contact } = await desk.reads(started);
    await waitUntilNoJobs(rig);
    const path = '/crm/objects/{version}/contacts/{contactId}';
    stopServing(desk, [`GET ${path}`, `PATCH ${path}`], page);
    telegram.shareContact(customer.at, { phone_number: '15550001' });
    await isTriedAgain();
    faults.clear();
    const after = await desk.reads(started, 'customer: Grace +15550001 | ⁂ (shared their own number)');
    expect([after.contact?.id, after.contact?.phone]).toEqual([contact?.id, '+15550001']);
  });
});

describe('while Intercom does not serve a path', () => {
  it.each(intercomWays)(
    'a chat does not become two conversations, and nothing is lost: $way',
    async ({ answer, operations }) => {
      const desk = await openDesk(rig, 'intercom');
      const customer = desk.customer();
      const { id, contact } = await desk.reads(started);
      await waitUntilNoJobs(rig);
      stopServing(desk, operations, answer);
      telegram.text(customer.at, { text: 'Hello' });
      await isTriedAgain();
      faults.clear();
      const after = await desk.reads(started, 'customer: Hello');
      expect([after.id, after.contact?.id]).toEqual([id, contact?.id]);
      expect(rig.sandbox.intercom.contacts(desk.accountId)).toHaveLength(1);
    },
  );
});
