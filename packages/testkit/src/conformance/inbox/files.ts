import { createHash } from 'node:crypto';
import type { InboxEntry } from '@chatferry/gateway/internal/ports/inbox';
import { expect, it } from 'vitest';
import { type Connected, customer, okOf } from './connected-inbox.ts';
import type { InboxHarness, SeenFile } from './harness.ts';

const picture = { media: 'photo', name: 'a cat.jpg', mediaType: 'image/jpeg' } as const;
const bill = { media: 'document', name: 'Übersicht.pdf', mediaType: 'application/pdf' } as const;
const large = Buffer.alloc(1_000_000, 'jpeg\xff\x00', 'latin1');

const carrying = (what: InboxEntry, ...contents: readonly Buffer[]): InboxEntry => ({
  ...what,
  attachments: contents.map((content, at) => ({ ...(at === 0 ? picture : bill), content })),
});

/** Comparing a megabyte byte by byte takes the matcher seconds. */
const told = ({ name, mediaType, content }: SeenFile) =>
  `${name} ${mediaType} ${content.length} ${createHash('sha256').update(content).digest('hex')}`;

const filesIn = async (harness: InboxHarness, conversationId: string) =>
  (await harness.readFiles(conversationId)).map((files) => files.map(told));

export function carriesFiles(connected: Connected): void {
  it('are shown with the text of their entry, unchanged', async () => {
    const { harness, entry, converse, seen } = connected();
    const what = carrying(entry(customer, 'Two files'), large, Buffer.from([0, 1, 2, 255]));
    const { conversationId } = await converse(entry(customer, 'Hi'), what, entry(customer, 'Seen?'));
    expect((await seen(conversationId)).map(([, text]) => text)).toEqual(['Hi', 'Two files', 'Seen?']);
    expect(await filesIn(harness, conversationId)).toEqual([[], what.attachments?.map(told), []]);
  });

  it('open a conversation if the inbox allows it', async ({ skip }) => {
    const { harness, entry, converse } = connected();
    skip(!harness.inbox.opensWithFiles, 'this inbox opens no conversation with files');
    const what = carrying(entry(customer, 'A file'), large);
    const { conversationId } = await converse(what);
    expect(await filesIn(harness, conversationId)).toEqual([what.attachments?.map(told)]);
  });

  it('are written once when the answer is lost', async () => {
    const { harness, request, entry, append, converse } = connected();
    const { link, conversationId } = await converse(entry(customer, 'Hi'));
    const what = carrying(entry(customer, 'Only once'), large);
    harness.happen({ on: 'joining', author: 'customer', effect: 'reset-after' });
    expect((await append(link, what)).kind).toBe('uncertain');
    if (okOf(await harness.inbox.find(link, what, request)) === null) okOf(await append(link, what));
    expect(await filesIn(harness, conversationId)).toEqual([[], what.attachments?.map(told)]);
  });

  it('that the inbox refuses are rejected with their entry, which is accepted without them', async () => {
    const { harness, entry, append, converse, seen } = connected();
    const { link, conversationId } = await converse(entry(customer, 'Hi'));
    const words = entry(customer, 'Look');
    harness.refuseFiles();
    expect((await append(link, carrying(words, large))).kind).toBe('rejected');
    okOf(await append(link, words));
    expect((await seen(conversationId)).map(([, text]) => text)).toEqual(['Hi', 'Look']);
  });
}
