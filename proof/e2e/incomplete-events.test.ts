import { relayLaneKey, storeUpdates } from '@chatferry/gateway/internal/store/updates';
import { describe, expect, it } from 'vitest';
import { openAgentsDesk } from './agents-desk.ts';
import { inboxKinds, startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';

const rig = await startPublicRig();
const { telegram, intercom, hubspot } = rig.sandbox;

const updatesOf = async (workspaceId: string) => {
  const text = `select state, detail from updates where workspace_id = $1 and source <> 'telegram' order by id`;
  return (await rig.database.pool.query<{ state: string; detail: string | null }>(text, [workspaceId])).rows;
};

describe.each(inboxKinds)('an incomplete event of %s', (kind) => {
  it('makes the gateway fetch the reply, and the customer gets the whole text once', async () => {
    const desk = await openAgentsDesk(rig, kind);
    if (kind === 'intercom') intercom.setOptions(desk.accountId, { webhookParts: 'absent' });
    else hubspot.setOptions(desk.accountId, { textMax: 10 });
    const customer = desk.customer();
    const texts = ['A reply of many words', 'And another of even more words'];
    for (const text of texts) await desk.answer(text);
    await eventually(() => expect(telegram.sent(customer.at).map(({ text }) => text)).toEqual(texts));
    await eventually(async () => {
      const settled = (await updatesOf(desk.bot.workspaceId)).filter(({ state }) => state !== 'ignored');
      expect(settled.map(({ state }) => state)).toEqual(settled.map(() => 'applied'));
      expect(settled.length).toBeGreaterThan(0);
    });
  });

  it('is retried while the inbox does not answer, and later replies stay behind it', async () => {
    const desk = await openAgentsDesk(rig, kind);
    const customer = desk.customer();
    await desk.answer('Hi');
    await eventually(() => expect(telegram.sent(customer.at)).toHaveLength(1));
    if (kind === 'intercom') intercom.setOptions(desk.accountId, { webhookParts: 'absent' });
    else hubspot.setOptions(desk.accountId, { textMax: 10 });
    desk.breakInbox({ kind: 'answer-before', answer: { status: 503, body: {} } }, { everything: true });
    const texts = ['A reply of many words', 'And another of even more words'];
    for (const text of texts) await desk.answer(text);
    await eventually(() => expect(telegram.sent(customer.at).map(({ text }) => text)).toEqual(['Hi', ...texts]));
  });
});

describe('an event of Intercom with several parts', () => {
  it('is applied when one part was sent, and records what happened to the others', async () => {
    const desk = await openAgentsDesk(rig, 'intercom');
    const customer = desk.customer();
    const conversationId = await eventually(() => {
      const [only] = desk.conversations();
      if (!only) throw new Error('there is no conversation yet');
      return only.id;
    });
    const part = (id: string, partType: string) => ({
      type: 'conversation_part',
      id,
      part_type: partType,
      body: `<p>${partType} ${id}</p>`,
      created_at: 1_795_000_000,
      author: { type: 'admin', id: '1', name: 'Ada' },
      attachments: [],
    });
    const parts = [part('9001', 'note'), part('9002', 'comment')];
    const item = { type: 'conversation', id: conversationId, conversation_parts: { conversation_parts: parts } };
    const body = { type: 'notification_event', id: 'notif_9', topic: 'conversation.admin.replied', data: { item } };
    const { workspaceId } = desk.bot;
    await storeUpdates(rig.database.pool, [
      {
        workspaceId,
        channelId: null,
        source: 'intercom',
        ownerId: workspaceId,
        externalId: 'event:notif_9',
        body: Buffer.from(JSON.stringify(body)),
        laneKey: relayLaneKey(workspaceId, conversationId),
        jobKind: 'inbox-event',
        ignored: null,
      },
    ]);
    await eventually(() => expect(telegram.sent(customer.at).map(({ text }) => text)).toEqual(['comment 9002']));
    await eventually(async () =>
      expect(await updatesOf(workspaceId)).toContainEqual({ state: 'applied', detail: 'note: internal' }),
    );
  });
});
