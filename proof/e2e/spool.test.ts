import { createHmac } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Customer } from '@chatferry/testkit/rigs/rig';
import { afterEach, describe, expect, it } from 'vitest';
import { openAgentsDesk } from './agents-desk.ts';
import { startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';
import { setDatabaseAway } from './set-database-away.ts';

// Reconciliation does not run during these tests: only webhooks bring events.
const rig = await startPublicRig({ CHATFERRY_RECONCILE_EVERY_SECONDS: '86400' });
const { telegram, intercom, hubspot } = rig.sandbox;
rig.database.pool.on('error', () => undefined);

afterEach(() => setDatabaseAway(rig.database, false));

const sentTo = ({ at }: Customer) => telegram.sent(at).map(({ text }) => text);
const spooled = () => readdirSync(join(rig.dataDir, 'journal')).filter((file) => file.startsWith('calls-'));
/** The head looks genuine, so only a known secret can tell that it is not. */
const postUnsigned = (path: string, body: string) =>
  fetch(`${rig.url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-hub-signature': `sha1=${'0'.repeat(40)}`,
      'x-hubspot-signature-v3': `${'A'.repeat(43)}=`,
      'x-hubspot-request-timestamp': String(Date.now()),
    },
    body,
  });
const journalFiles = () => readdirSync(join(rig.dataDir, 'journal')).filter((file) => file.includes('calls-'));
const isReady = async () => (await rig.call('/readyz')).status === 200;

describe('while the database is away', { timeout: 90_000 }, () => {
  it('events of Intercom are answered 200, spooled, and processed afterwards once and in order', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    await desk.answer('Before');
    await eventually(() => expect(sentTo(customer)).toEqual(['Before']));
    const delivered = () =>
      intercom.deliveries(desk.accountId).map(({ state, status, attempts }) => [state, status, attempts]);
    await eventually(() => expect(delivered().every(([state]) => state === 'delivered')).toBe(true));

    await setDatabaseAway(rig.database, true);
    for (const text of ['One', 'Two', 'Three']) {
      const before = delivered().length;
      await desk.answer(text);
      await eventually(() => {
        expect(delivered().length).toBeGreaterThan(before);
        expect(delivered().every(([state]) => state !== 'waiting')).toBe(true);
      });
    }
    expect(delivered()).toEqual(delivered().map(() => ['delivered', 200, 1]));
    expect(spooled().length).toBeGreaterThan(0);
    await setDatabaseAway(rig.database, false);
    // The loops that failed are started again at growing intervals.
    await expect.poll(() => sentTo(customer), { timeout: 45_000 }).toEqual(['Before', 'One', 'Two', 'Three']);
    await eventually(() => expect(spooled()).toEqual([]));
    await desk.answer('Afterwards');
    await eventually(() => expect(sentTo(customer)).toEqual(['Before', 'One', 'Two', 'Three', 'Afterwards']));
  });

  it('a call with a wrong signature has no effect', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    await desk.answer('Before');
    await eventually(() => expect(sentTo(customer)).toEqual(['Before']));
    const { body } = await rig.admin(`/api/v1/workspaces/${desk.bot.workspaceId}`);
    const { pathname } = new URL(body.webhook_url);
    await setDatabaseAway(rig.database, true);
    await eventually(async () => expect(await isReady()).toBe(false));
    const forged = JSON.stringify({
      type: 'notification_event',
      topic: 'conversation.admin.replied',
      id: 'notif_forged',
    });
    const signature = `sha1=${createHmac('sha1', 'a guess').update(forged).digest('hex')}`;
    const answer = await fetch(`${rig.url}${pathname}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature': signature },
      body: forged,
    });
    expect(answer.status).toBe(401);
    expect(spooled()).toEqual([]);
  });

  it('Telegram gets 503 and repeats what customers wrote', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const path = `/api/v1/channels/${desk.bot.channelId}`;
    expect((await rig.admin(path, { method: 'PATCH', body: { updates: 'webhook' } })).status).toBe(200);
    const written = () => desk.conversations().flatMap(({ entries }) => entries.map(({ text }) => text));
    telegram.text(customer.at, { text: 'Before' });
    await eventually(() => expect(written().join()).toContain('Before'));
    await setDatabaseAway(rig.database, true);
    telegram.text(customer.at, { text: 'While away' });
    const webhook = async () =>
      (await (await fetch(`${rig.sandbox.url}/telegram/bot${desk.bot.token}/getWebhookInfo`)).json()) as {
        readonly result: { readonly last_error_message?: string };
      };
    await eventually(async () => expect((await webhook()).result.last_error_message).toContain('503'));
    await setDatabaseAway(rig.database, false);
    await expect.poll(() => written().join(), { timeout: 45_000 }).toContain('While away');
  });

  it('HubSpot gets 503 and repeats its events', async () => {
    const desk = await openAgentsDesk(rig, 'hubspot');
    const customer = desk.customer();
    await desk.answer('Before');
    await eventually(() => expect(sentTo(customer)).toEqual(['Before']));
    await setDatabaseAway(rig.database, true);
    const answer = await postUnsigned('/hooks/hubspot', '[{"portalId":1}]');
    expect([answer.status, Number(answer.headers.get('retry-after')) > 0]).toEqual([503, true]);
    await desk.answer('While away');
    await eventually(() => expect(hubspot.deliveries(desk.accountId).at(-1)).toMatchObject({ status: 503 }));
    expect(spooled()).toEqual([]);
    await setDatabaseAway(rig.database, false);
    await eventually(async () => expect(await isReady()).toBe(true));
    hubspot.repeatEvent(desk.accountId);
    await expect.poll(() => sentTo(customer), { timeout: 45_000 }).toEqual(['Before', 'While away']);
  });
});

describe('a flood of unsigned calls', { timeout: 90_000 }, () => {
  const filler = 'x'.repeat(200_000);
  const unsigned = (account: string) => JSON.stringify({ type: 'notification_event', app_id: account, filler });

  it('puts nothing on the disk while the database works', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const { pathname } = new URL((await rig.admin(`/api/v1/workspaces/${desk.bot.workspaceId}`)).body.webhook_url);
    const calls = Array.from({ length: 150 }, (_, index) =>
      postUnsigned(index % 2 === 0 ? pathname : '/hooks/intercom', unsigned(`unknown-${index}`)),
    );
    const statuses = new Set((await Promise.all(calls)).map(({ status }) => status));
    expect([...statuses].filter((status) => ![401, 429].includes(status))).toEqual([]);
    expect(journalFiles()).toEqual([]);
  });

  it('takes no room on the disk from signed calls while the database is away', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    await desk.answer('Before');
    await eventually(() => expect(sentTo(customer)).toEqual(['Before']));
    const { pathname } = new URL((await rig.admin(`/api/v1/workspaces/${desk.bot.workspaceId}`)).body.webhook_url);
    await setDatabaseAway(rig.database, true);
    await eventually(async () => expect(await isReady()).toBe(false));

    const toKnown = await Promise.all(Array.from({ length: 20 }, () => postUnsigned(pathname, unsigned('any'))));
    expect(toKnown.map(({ status }) => status)).toEqual(toKnown.map(() => 401));
    expect(journalFiles()).toEqual([]);
    const taken = [];
    for (let count = 0; count < 20; count += 1) {
      const answer = await postUnsigned('/hooks/intercom', unsigned(`unknown-${count}`));
      taken.push([answer.status, answer.headers.get('retry-after')]);
    }
    // One network has room for 2 MiB, which is seven of these calls.
    expect(taken).toEqual([...Array(7).fill([200, null]), ...Array(13).fill([503, '5'])]);
    expect(spooled()).toEqual([]);

    await desk.answer('While away');
    await eventually(() => expect(spooled().length).toBeGreaterThan(0));
    await setDatabaseAway(rig.database, false);
    await expect.poll(() => sentTo(customer), { timeout: 45_000 }).toEqual(['Before', 'While away']);
    await eventually(() => expect(journalFiles()).toEqual([]));
  });
});
