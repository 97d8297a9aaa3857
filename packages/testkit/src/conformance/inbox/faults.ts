import type { ConversationLink, EntryAuthor } from '@chatferry/gateway/internal/ports/inbox';
import { describe, expect, it } from 'vitest';
import { type Connected, type ConnectedInbox, customer, okOf } from './connected-inbox.ts';
import type { Mishap } from './harness.ts';

/** The kind of call that a mishap befalls. */
type Place = Pick<Mishap, 'on' | 'author'>;

const authorOf = ({ teammate }: ConnectedInbox, { author }: Place): EntryAuthor =>
  author === 'teammate' ? teammate() : author === 'note' ? { kind: 'note' } : customer;

const prepare = async (
  { noConversation, converse, entry }: ConnectedInbox,
  { on }: Place,
): Promise<ConversationLink> =>
  on === 'opening' ? noConversation() : (await converse(entry(customer, 'before'))).link;

/** How often the text is in the conversation. */
const countOf = async ({ seen }: ConnectedInbox, conversationId: string, text: string) =>
  (await seen(conversationId)).filter(([, seenText]) => seenText === text).length;

export function meetsMishaps(connected: Connected): void {
  describe.each([
    ['opening', 'customer'],
    ['opening', 'teammate'],
    ['joining', 'customer'],
    ['joining', 'teammate'],
    ['joining', 'note'],
  ] as const)('an entry %s the conversation, by the %s', (on, author) => {
    writesOnce(connected, { on, author });
    waitsAtTheLimit(connected, { on, author });
  });
}

function writesOnce(connected: Connected, place: Place): void {
  it.each(['reset-after', 'truncate-after', 'server-error-after'] as const)(
    'is written once when the answer is lost (%s)',
    async (effect) => {
      const inbox = connected();
      const { harness, request, entry, append } = inbox;
      const link = await prepare(inbox, place);
      const what = entry(authorOf(inbox, place), 'only once');
      // Warm, so that the mishap meets the write itself.
      await harness.inbox.listTeammates();
      harness.happen({ ...place, effect });
      expect((await append(link, what)).kind).toBe('uncertain');
      const found = okOf(await harness.inbox.find(link, what, request));
      const { conversationId, entryId } = found ?? okOf(await append(link, what));
      expect(await countOf(inbox, conversationId, 'only once')).toBe(1);
      expect(await harness.conversationCount()).toBe(1);
      expect((await harness.read(conversationId)).map((each) => each.entryId)).toContain(entryId);
    },
  );

  it('is written at the second try when the first did not arrive', async () => {
    const inbox = connected();
    const { harness, request, entry, append } = inbox;
    const link = await prepare(inbox, place);
    const what = entry(authorOf(inbox, place), 'at last');
    await harness.inbox.listTeammates();
    harness.happen({ ...place, effect: 'reset-before' });
    expect((await append(link, what)).kind).toBe('uncertain');
    expect(okOf(await harness.inbox.find(link, what, request))).toBeNull();
    const { conversationId } = okOf(await append(link, what));
    expect(await countOf(inbox, conversationId, 'at last')).toBe(1);
  });
}

function waitsAtTheLimit(connected: Connected, place: Place): void {
  it('is deferred and not written when the inbox is rate limited', async () => {
    const inbox = connected();
    const { harness, entry, append } = inbox;
    const link = await prepare(inbox, place);
    const what = entry(authorOf(inbox, place), 'later');
    await harness.inbox.listTeammates();
    harness.happen({ ...place, effect: 'rate-limited' });
    const outcome = await append(link, what);
    expect(outcome.kind).toBe('deferred');
    expect(outcome.kind === 'deferred' && outcome.retryAfterMs).toBeGreaterThanOrEqual(1_000);
    // Until the pause is over the inbox is not called.
    expect((await append(link, what)).kind).toBe('deferred');
    harness.passTime(outcome.kind === 'deferred' ? (outcome.retryAfterMs ?? 0) : 0);
    const { conversationId } = okOf(await append(link, what));
    expect(await countOf(inbox, conversationId, 'later')).toBe(1);
  });
}

export function findsTheRightEntry(connected: Connected): void {
  it('is not mistaken for an older entry with the same words', async () => {
    const { harness, request, entry, append, converse, seen } = connected();
    const { link, conversationId } = await converse(entry(customer, 'ok'), entry(customer, 'ok'));
    const what = entry(customer, 'ok');
    harness.happen({ on: 'joining', author: 'customer', effect: 'reset-before' });
    expect((await append(link, what)).kind).toBe('uncertain');
    expect(okOf(await harness.inbox.find(link, what, request))).toBeNull();
    expect((await seen(conversationId)).length).toBe(2);
  });
}

export function continuesElsewhere(connected: Connected): void {
  it.each(['customer', 'teammate'] as const)(
    'reports a removed conversation when the %s writes, and continues in another one',
    async (author) => {
      const { harness, entry, teammate, append, converse, seen } = connected();
      const { link, conversationId } = await converse(entry(customer, 'before'));
      await harness.removeConversation(conversationId);
      const what = entry(author === 'customer' ? customer : teammate(), 'after');
      const outcome = await append(link, what);
      // Where we name the thread ourselves the inbox opens a new one at once.
      if (outcome.kind !== 'ok') {
        expect(outcome).toMatchObject({ kind: 'gone', what: 'conversation' });
      }
      const fresh = { ...link, conversationId: null, generation: link.generation + 1 };
      const value = outcome.kind === 'ok' ? outcome.value : okOf(await append(fresh, what));
      expect(value.conversationId).not.toBe(conversationId);
      expect(await seen(value.conversationId)).toEqual([[author, 'after']]);
    },
  );
}
