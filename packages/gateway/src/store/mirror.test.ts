import { startEngineRig } from '@chatferry/testkit/rigs/engine-rig';
import { beforeAll, describe, expect, it } from 'vitest';
import type { MirrorMessage } from './mirror.ts';

const { database, store, addChannel } = await startEngineRig();
let message: MirrorMessage;

beforeAll(async () => {
  const channel = await addChannel();
  const { rows } = await database.pool.query(
    `insert into messages (workspace_id, channel_id, chat_id, direction, origin, state, content, mirror)
     values ($1, $2, 7, 'outbound', 'api', 'sent', '{"text":"Hello","controls":{"kind":"none"}}', 'pending')
     returning id, created_on::text`,
    [channel.workspaceId, channel.id],
  );
  const read = await store.mirror.readMessage(rows[0].created_on, rows[0].id);
  if (!read) throw new Error('the message is not there');
  message = read;
});

describe('an entry that two processes wrote, one of them stopped for longer than its lease', () => {
  it('is recorded as the gateway’s own both times', async () => {
    const { workspaceId } = message.key;
    const reservation = {
      workspaceId,
      key: 'k',
      conversationId: null,
      textHash: Buffer.from('hash'),
      author: { kind: 'customer', name: 'Ada' } as const,
      afterEntryId: null,
    };
    await store.inboxWrites.reserve(reservation);
    const appended = (entryId: string) => ({ entryId, conversationId: 'c', remark: null });
    await store.mirror.recordMirrored(message, 'k', appended('first'), null);
    await store.mirror.recordMirrored(message, 'k', appended('second'), null);
    await store.mirror.recordMirrored(message, 'k', appended('second'), null);
    for (const entryId of ['first', 'second']) {
      expect(
        await store.inboxWrites.readOwn(workspaceId, 'c', { entryId, textHash: '', receivedAtMs: null }),
      ).toMatchObject({
        inLedger: true,
        openWrites: [],
      });
    }
    expect(await store.reconciliation.findUnknownEntries(workspaceId, ['first', 'second', 'third'])).toEqual(['third']);
    expect(await store.inboxWrites.reserve(reservation)).toMatchObject({ first: false, entryId: 'first' });
  });
});
