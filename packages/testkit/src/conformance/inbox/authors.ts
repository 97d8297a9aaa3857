import { markText } from '@chatferry/gateway/internal/core/message/mark-text';
import { expect, it } from 'vitest';
import { type Connected, customer, okOf } from './connected-inbox.ts';

export function namesAuthors(connected: Connected): void {
  it('is the teammate who is named', async () => {
    const { harness, entry, teammate, converse } = connected();
    const [first, second] = harness.senderIds;
    const { conversationId } = await converse(entry(teammate(second), 'a'), entry(teammate(first), 'b'));
    const senders = (await harness.read(conversationId)).map(({ senderId }) => senderId);
    expect(senders).toEqual([second, first]);
  });

  it('is the default sender when the teammate is unknown, with a remark', async () => {
    const { entry, teammate, converse, seen } = connected();
    const { appended, conversationId } = await converse(entry(customer, 'Hi'), entry(teammate('999999999'), 'Hello'));
    expect(appended[1]?.remark).toMatch(/999999999/);
    expect(await seen(conversationId)).toContainEqual(['teammate', 'Hello']);
  });

  it('can be any of the listed teammates', async () => {
    const { harness } = connected();
    const ids = okOf(await harness.inbox.listTeammates()).map(({ senderId }) => senderId);
    expect(ids).toEqual(expect.arrayContaining([...harness.senderIds]));
  });

  it('stays internal for a note in a conversation', async () => {
    const { entry, converse, seen } = connected();
    const note = entry({ kind: 'note' }, { blocks: [{ kind: 'mark', text: markText`blocked the bot` }], extras: [] });
    const { conversationId } = await converse(entry(customer, 'Hi'), note);
    expect(await seen(conversationId)).toEqual([
      ['customer', 'Hi'],
      ['note', '⁂ (blocked the bot)'],
    ]);
  });

  it('can be a note that opens the conversation', async () => {
    const { entry, converse, seen } = connected();
    const note = entry({ kind: 'note' }, { blocks: [{ kind: 'mark', text: markText`started the bot` }], extras: [] });
    const { conversationId } = await converse(note, entry(customer, 'Hi'));
    expect((await seen(conversationId)).map(([, text]) => text)).toEqual(['⁂ (started the bot)', 'Hi']);
  });
}
