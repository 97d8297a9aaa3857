import { startEngineRig } from '@chatferry/testkit/rigs/engine-rig';
import { describe, expect, it } from 'vitest';
import type { EntryAuthor } from '../ports/inbox.ts';

const { database, store, addChannel } = await startEngineRig();
const { workspaceId } = await addChannel();

const reserve = (key: string, conversationId: string | null, author: EntryAuthor) =>
  store.inboxWrites.reserve({
    workspaceId,
    key,
    conversationId,
    textHash: Buffer.from(key),
    author,
    afterEntryId: null,
  });

const openWrites = async (conversationId: string, receivedAtMs: number | null) =>
  (await store.inboxWrites.readOwn(workspaceId, conversationId, { entryId: 'e', textHash: '', receivedAtMs }))
    .openWrites;

const nowMs = async (): Promise<number> =>
  (await database.pool.query('select (extract(epoch from now()) * 1000)::float8 as ms')).rows[0].ms;

describe('an entry that is being written', () => {
  it('can come back as a reply only if it is written as a teammate', async () => {
    await reserve('by the customer', 'c1', { kind: 'customer', name: 'Grace' });
    await reserve('a note', 'c1', { kind: 'note' });
    await reserve('by Ada', 'c1', { kind: 'teammate', senderId: 'ada' });
    await reserve('by the default sender', 'c1', { kind: 'teammate', senderId: null });
    const senders = (await openWrites('c1', null)).map(({ senderId }) => senderId);
    expect(senders.sort()).toEqual(['ada', null]);
  });

  it('cannot have caused an event that was received before it began', async () => {
    const beforeMs = (await nowMs()) - 60_000;
    await reserve('young', 'c2', { kind: 'teammate', senderId: 'ada' });
    await reserve('opening', null, { kind: 'customer', name: 'Grace' });
    expect(await openWrites('c2', await nowMs())).toHaveLength(1);
    expect(await openWrites('c2', beforeMs)).toEqual([]);
    await reserve('opening by Ada', null, { kind: 'teammate', senderId: 'ada' });
    const event = { entryId: 'e', textHash: '', receivedAtMs: null };
    const opening = await store.inboxWrites.readOwn(workspaceId, 'new', { ...event, mayOpen: true });
    const joining = await store.inboxWrites.readOwn(workspaceId, 'new', event);
    expect([opening.openWrites.length, joining.openWrites.length]).toEqual([1, 0]);
    expect(await store.inboxWrites.isOpeningConversation(workspaceId, await nowMs())).toBe(true);
    expect(await store.inboxWrites.isOpeningConversation(workspaceId, beforeMs)).toBe(false);
  });
});
