import type { AppendedEntry } from '@chatferry/gateway/internal/ports/inbox';
import { expect, it } from 'vitest';
import { type Connected, type ConnectedInbox, customer, okOf } from './connected-inbox.ts';
import type { InboxHarness } from './harness.ts';

const noteOn = (harness: InboxHarness, { conversationId, entryId }: AppendedEntry, text: string) =>
  harness.inbox.addNote({ conversationId, entryId, text, happenedAtMs: harness.nowMs() });

const notesIn = async (seen: ConnectedInbox['seen'], conversationId: string) =>
  (await seen(conversationId)).filter(([author]) => author === 'note').map(([, text]) => text);

export function addsNotes(connected: Connected): void {
  it('is written once, however often it is asked for', async () => {
    const { harness, entry, teammate, converse, seen } = connected();
    const { appended, conversationId } = await converse(entry(customer, 'Hi'), entry(teammate(), 'Hello'));
    const [, reply] = appended;
    if (reply === undefined) throw new Error('the reply was not appended');
    expect(await noteOn(harness, reply, 'Sent without buttons')).toEqual({ kind: 'ok', value: true });
    expect(await noteOn(harness, reply, 'Sent without buttons')).toEqual({ kind: 'ok', value: true });
    expect(await notesIn(seen, conversationId)).toEqual([expect.stringContaining('Sent without buttons')]);
  });

  it('is written once when the answer to the first try is lost', async () => {
    const { harness, entry, teammate, converse, seen } = connected();
    const { appended, conversationId } = await converse(entry(customer, 'Hi'), entry(teammate(), 'Hello'));
    const [, reply] = appended;
    if (reply === undefined) throw new Error('the reply was not appended');
    harness.happen({ on: 'joining', author: 'note', effect: 'reset-after' });
    expect((await noteOn(harness, reply, 'Only once')).kind).toBe('uncertain');
    okOf(await noteOn(harness, reply, 'Only once'));
    expect(await notesIn(seen, conversationId)).toHaveLength(1);
  });

  it('is written for each of two entries, though the words are the same', async () => {
    const { harness, entry, teammate, converse, seen } = connected();
    const { appended, conversationId } = await converse(entry(teammate(), 'One'), entry(teammate(), 'Two'));
    for (const reply of appended) okOf(await noteOn(harness, reply, 'Sent without buttons'));
    expect(await notesIn(seen, conversationId)).toHaveLength(2);
  });

  it('reports that the conversation is gone', async () => {
    const { harness, entry, converse } = connected();
    const { appended, conversationId } = await converse(entry(customer, 'Hi'));
    const [only] = appended;
    if (only === undefined) throw new Error('the entry was not appended');
    await harness.removeConversation(conversationId);
    expect(await noteOn(harness, only, 'Too late')).toMatchObject({ kind: 'gone', what: 'conversation' });
  });
}
