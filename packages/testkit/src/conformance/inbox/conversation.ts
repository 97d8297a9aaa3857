import { bodyOfOutbound } from '@chatferry/gateway/internal/core/inbox/entry';
import { bodyOfInbound } from '@chatferry/gateway/internal/core/inbox/inbound-body';
import { expect, it } from 'vitest';
import { ada, type Connected, customer, privateChat } from './connected-inbox.ts';

export function keepsConversations(connected: Connected): void {
  it('is opened by the customer, and the teammate answers in it', async () => {
    const { harness, entry, teammate, converse, seen } = connected();
    const { conversationId, appended } = await converse(entry(customer, 'Hello?'), entry(teammate(), 'Hi Ada'));
    expect(await seen(conversationId)).toEqual([
      ['customer', 'Hello?'],
      ['teammate', 'Hi Ada'],
    ]);
    expect(appended.map(({ remark }) => remark)).toEqual([null, null]);
    expect(await harness.conversationCount()).toBe(1);
  });

  it('is opened by the teammate, and the customer answers in it', async () => {
    const { harness, entry, teammate, converse, seen } = connected();
    const { conversationId } = await converse(entry(teammate(), 'Your parcel is here'), entry(customer, 'Thanks'));
    expect(await seen(conversationId)).toEqual([
      ['teammate', 'Your parcel is here'],
      ['customer', 'Thanks'],
    ]);
    expect(await harness.conversationCount()).toBe(1);
  });

  it('keeps the order in which entries were appended', async () => {
    const { entry, teammate, converse, seen } = connected();
    const words = ['one', 'two', 'three', 'four', 'five', 'six'];
    const authors = [customer, teammate(), teammate(), customer, customer, teammate()];
    const { conversationId } = await converse(...words.map((word, at) => entry(authors[at] ?? customer, word)));
    expect((await seen(conversationId)).map(([, text]) => text)).toEqual(words);
  });

  it('has the ids for its entries that `append` returned', async () => {
    const { harness, entry, teammate, converse } = connected();
    const { conversationId, appended } = await converse(
      entry(customer, 'same'),
      entry(customer, 'same'),
      entry(teammate(), 'same'),
    );
    const ids = (await harness.read(conversationId)).map(({ entryId }) => entryId);
    expect(appended.map(({ entryId }) => entryId)).toEqual(ids);
    expect(new Set(ids).size).toBe(3);
  });
}

export function showsContents(connected: Connected): void {
  it('shows the buttons of a message, one row per line, and markup as it was typed', async () => {
    const { harness, entry, teammate, converse } = connected();
    const body = bodyOfOutbound({
      text: '<b>Pick</b> & go',
      controls: {
        kind: 'buttons',
        rows: [[{ label: 'Yes', action: { kind: 'callback', data: 'y' } }], [{ label: 'No', action: { kind: 'say' } }]],
      },
    });
    const { conversationId } = await converse(entry(teammate(), body));
    const [only] = await harness.read(conversationId);
    const lines = only?.text.split('\n').filter((line) => line !== '');
    expect(lines).toEqual(['<b>Pick</b> & go', '[Yes]', '[No]']);
  });

  it('shows what a customer shared', async () => {
    const { harness, entry, converse, seen } = connected();
    const event = {
      chat: privateChat,
      author: ada,
      channelMessageId: '7',
      happenedAtMs: harness.nowMs(),
      editedAtMs: null,
      answers: null,
    };
    const location = { kind: 'location', latitude: 59.3, longitude: 18.1 } as const;
    const contact = { kind: 'contact', name: 'Ada', phone: '+46700000000', own: true } as const;
    const { conversationId } = await converse(
      entry(customer, bodyOfInbound({ ...event, content: location }, null)),
      entry(customer, bodyOfInbound({ ...event, content: contact }, null)),
    );
    const texts = (await seen(conversationId)).map(([, text]) => text);
    expect(texts[0]).toContain('59.3, 18.1');
    expect(texts[1]).toContain('+46700000000');
  });
}
