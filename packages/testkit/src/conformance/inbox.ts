import { createHash } from 'node:crypto';
import { bodyOfOutbound, type EntryBody } from '@chatferry/gateway/internal/core/inbox/entry';
import { bodyOfInbound } from '@chatferry/gateway/internal/core/inbox/inbound-body';
import type { Chat } from '@chatferry/gateway/internal/core/message/inbound';
import type {
  AppendedEntry,
  ContactRequest,
  ConversationLink,
  EntryAuthor,
  Inbox,
  InboxEntry,
  InboxOutcome,
} from '@chatferry/gateway/internal/ports/inbox';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** One line of a conversation as the team sees it. */
export interface SeenEntry {
  readonly entryId: string;
  readonly author: 'customer' | 'teammate' | 'note';
  /** The teammate's id; null for others, and where the inbox shows none. */
  readonly senderId: string | null;
  readonly text: string;
}

/** A file of an entry, as the inbox serves it. */
export interface SeenFile {
  readonly name: string;
  readonly mediaType: string;
  readonly content: Buffer;
}

/** What the next call of this kind meets: `…-after` means that the provider carried it out anyway. */
export interface Mishap {
  readonly on: 'opening' | 'joining' | 'contact-creation';
  readonly author: 'customer' | 'teammate' | 'note';
  readonly effect: 'reset-before' | 'reset-after' | 'truncate-after' | 'server-error-after' | 'rate-limited';
}

/** An adapter against its provider's simulator, over real HTTP, with an account of its own. */
export interface InboxHarness {
  readonly inbox: Inbox;
  /** The same account under a credential that the provider refuses. */
  readonly intruder: Inbox;
  /** Two people of the account, in the order in which the inbox names them. */
  readonly senderIds: readonly [string, string];
  nowMs(): number;
  /** Moves the inbox's clock and ours forward. */
  passTime(byMs: number): void;
  happen(mishap: Mishap): void;
  /** In the order in which the team reads them. */
  read(conversationId: string): readonly SeenEntry[] | Promise<readonly SeenEntry[]>;
  /** The files of each entry, in the order of `read`. */
  readFiles(conversationId: string): Promise<readonly (readonly SeenFile[])[]>;
  /** Lets the inbox say no to files, once. */
  refuseFiles(): void;
  conversationCount(): number | Promise<number>;
  contactCount(): number | Promise<number>;
  removeConversation(conversationId: string): void | Promise<void>;
  close(): Promise<void>;
}

const ada = { userId: '42', name: 'Ada Lovelace', username: 'ada', languageCode: 'en' };
const privateChat: Chat = { chatId: '42', kind: 'private', title: ada.name, username: 'ada', topicId: null };
const customer: EntryAuthor = { kind: 'customer', name: ada.name };
const textBody = (text: string): EntryBody => ({ blocks: [{ kind: 'text', text }], extras: [] });

/** What every inbox adapter must do. */
export function inboxConformance(name: string, start: () => Promise<InboxHarness>): void {
  describe(`${name} as an inbox`, () => {
    let harness: InboxHarness;
    let request: ContactRequest;
    let keys = 0;

    beforeEach(async () => {
      harness = await start();
      const bot = { botId: '99', username: 'shop_bot', name: 'Shop' };
      const ref = okOf(await harness.inbox.connectChannel(bot));
      request = { channel: { ...bot, ref }, chat: privateChat, person: ada };
    });
    afterEach(() => harness.close());

    const entry = (author: EntryAuthor, body: string | EntryBody): InboxEntry => {
      keys += 1;
      const content = typeof body === 'string' ? textBody(body) : body;
      return { key: `entry-${keys}`, author, body: content, happenedAtMs: harness.nowMs() };
    };
    const teammate = (senderId: string | null = harness.senderIds[0]): EntryAuthor => ({ kind: 'teammate', senderId });
    const noConversation = async (): Promise<ConversationLink> => ({
      contact: okOf(await harness.inbox.ensureContact(request)),
      conversationId: null,
      generation: 0,
    });
    const append = (link: ConversationLink, what: InboxEntry) => harness.inbox.append(link, what, request);
    /** Appends one entry after the other, each to the conversation of the one before. */
    const converse = async (...entries: readonly InboxEntry[]) => {
      let link = await noConversation();
      const appended: AppendedEntry[] = [];
      for (const each of entries) {
        const value = okOf(await append(link, each));
        appended.push(value);
        link = { ...link, conversationId: value.conversationId, lastEntryId: value.entryId };
      }
      return { link, appended, conversationId: link.conversationId ?? '' };
    };
    const seen = async (conversationId: string) =>
      (await harness.read(conversationId)).map(({ author, text }) => [author, text]);

    describe('a conversation', () => {
      it('is opened by the customer, and the teammate answers in it', async () => {
        const { conversationId, appended } = await converse(entry(customer, 'Hello?'), entry(teammate(), 'Hi Ada'));
        expect(await seen(conversationId)).toEqual([
          ['customer', 'Hello?'],
          ['teammate', 'Hi Ada'],
        ]);
        expect(appended.map(({ remark }) => remark)).toEqual([null, null]);
        expect(await harness.conversationCount()).toBe(1);
      });

      it('is opened by the teammate, and the customer answers in it', async () => {
        const { conversationId } = await converse(entry(teammate(), 'Your parcel is here'), entry(customer, 'Thanks'));
        expect(await seen(conversationId)).toEqual([
          ['teammate', 'Your parcel is here'],
          ['customer', 'Thanks'],
        ]);
        expect(await harness.conversationCount()).toBe(1);
      });

      it('keeps the order in which entries were appended', async () => {
        const words = ['one', 'two', 'three', 'four', 'five', 'six'];
        const authors = [customer, teammate(), teammate(), customer, customer, teammate()];
        const { conversationId } = await converse(...words.map((word, at) => entry(authors[at] ?? customer, word)));
        expect((await seen(conversationId)).map(([, text]) => text)).toEqual(words);
      });

      it('has the ids for its entries that `append` returned', async () => {
        const { conversationId, appended } = await converse(
          entry(customer, 'same'),
          entry(customer, 'same'),
          entry(teammate(), 'same'),
        );
        const ids = (await harness.read(conversationId)).map(({ entryId }) => entryId);
        expect(appended.map(({ entryId }) => entryId)).toEqual(ids);
        expect(new Set(ids).size).toBe(3);
      });

      it('shows the buttons of a message, one row per line, and markup as it was typed', async () => {
        const body = bodyOfOutbound({
          text: '<b>Pick</b> & go',
          controls: {
            kind: 'buttons',
            rows: [
              [{ label: 'Yes', action: { kind: 'callback', data: 'y' } }],
              [{ label: 'No', action: { kind: 'say' } }],
            ],
          },
        });
        const { conversationId } = await converse(entry(teammate(), body));
        const [only] = await harness.read(conversationId);
        const lines = only?.text.split('\n').filter((line) => line !== '');
        expect(lines).toEqual(['<b>Pick</b> & go', '[Yes → y]', '[No]']);
      });

      it('shows what a customer shared', async () => {
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
    });

    describe('files', () => {
      const picture = { media: 'photo', name: 'a cat.jpg', mediaType: 'image/jpeg' } as const;
      const bill = { media: 'document', name: 'Übersicht.pdf', mediaType: 'application/pdf' } as const;
      const carrying = (what: InboxEntry, ...contents: readonly Buffer[]): InboxEntry => ({
        ...what,
        attachments: contents.map((content, at) => ({ ...(at === 0 ? picture : bill), content })),
      });
      const large = Buffer.alloc(1_000_000, 'jpeg\xff\x00', 'latin1');
      // Comparing a megabyte byte by byte takes the matcher seconds.
      const told = ({ name, mediaType, content }: SeenFile) =>
        `${name} ${mediaType} ${content.length} ${createHash('sha256').update(content).digest('hex')}`;
      const filesIn = async (conversationId: string) =>
        (await harness.readFiles(conversationId)).map((files) => files.map(told));

      it('are shown with the text of their entry, unchanged', async () => {
        const what = carrying(entry(customer, 'Two files'), large, Buffer.from([0, 1, 2, 255]));
        const { conversationId } = await converse(entry(customer, 'Hi'), what, entry(customer, 'Seen?'));
        expect((await seen(conversationId)).map(([, text]) => text)).toEqual(['Hi', 'Two files', 'Seen?']);
        expect(await filesIn(conversationId)).toEqual([[], what.attachments?.map(told), []]);
      });

      it('open a conversation if the inbox allows it', async ({ skip }) => {
        skip(!harness.inbox.opensWithFiles, 'this inbox opens no conversation with files');
        const what = carrying(entry(customer, 'A file'), large);
        const { conversationId } = await converse(what);
        expect(await filesIn(conversationId)).toEqual([what.attachments?.map(told)]);
      });

      it('are written once when the answer is lost', async () => {
        const { link, conversationId } = await converse(entry(customer, 'Hi'));
        const what = carrying(entry(customer, 'Only once'), large);
        harness.happen({ on: 'joining', author: 'customer', effect: 'reset-after' });
        expect((await append(link, what)).kind).toBe('uncertain');
        if (okOf(await harness.inbox.find(link, what, request)) === null) okOf(await append(link, what));
        expect(await filesIn(conversationId)).toEqual([[], what.attachments?.map(told)]);
      });

      it('that the inbox refuses are rejected with their entry, which is accepted without them', async () => {
        const { link, conversationId } = await converse(entry(customer, 'Hi'));
        const words = entry(customer, 'Look');
        harness.refuseFiles();
        expect((await append(link, carrying(words, large))).kind).toBe('rejected');
        okOf(await append(link, words));
        expect((await seen(conversationId)).map(([, text]) => text)).toEqual(['Hi', 'Look']);
      });
    });

    describe('the author of an entry', () => {
      it('is the teammate who is named', async () => {
        const [first, second] = harness.senderIds;
        const { conversationId } = await converse(entry(teammate(second), 'a'), entry(teammate(first), 'b'));
        const senders = (await harness.read(conversationId)).map(({ senderId }) => senderId);
        expect(senders).toEqual([second, first]);
      });

      it('is the default sender when the teammate is unknown, with a remark', async () => {
        const { appended, conversationId } = await converse(
          entry(customer, 'Hi'),
          entry(teammate('999999999'), 'Hello'),
        );
        expect(appended[1]?.remark).toMatch(/999999999/);
        expect(await seen(conversationId)).toContainEqual(['teammate', 'Hello']);
      });

      it('can be any of the listed teammates', async () => {
        const ids = okOf(await harness.inbox.listTeammates()).map(({ senderId }) => senderId);
        expect(ids).toEqual(expect.arrayContaining([...harness.senderIds]));
      });

      it('stays internal for a note in a conversation', async () => {
        const note = entry({ kind: 'note' }, { blocks: [{ kind: 'mark', text: 'blocked the bot' }], extras: [] });
        const { conversationId } = await converse(entry(customer, 'Hi'), note);
        expect(await seen(conversationId)).toEqual([
          ['customer', 'Hi'],
          ['note', '(blocked the bot)'],
        ]);
      });

      it('can be a note that opens the conversation', async () => {
        const note = entry({ kind: 'note' }, { blocks: [{ kind: 'mark', text: 'started the bot' }], extras: [] });
        const { conversationId } = await converse(note, entry(customer, 'Hi'));
        expect((await seen(conversationId)).map(([, text]) => text)).toEqual(['(started the bot)', 'Hi']);
      });
    });

    describe('a note behind an entry', () => {
      const noteOn = ({ conversationId, entryId }: AppendedEntry, text: string) =>
        harness.inbox.addNote({ conversationId, entryId, text, happenedAtMs: harness.nowMs() });
      const notesIn = async (conversationId: string) =>
        (await seen(conversationId)).filter(([author]) => author === 'note').map(([, text]) => text);

      it('is written once, however often it is asked for', async () => {
        const { appended, conversationId } = await converse(entry(customer, 'Hi'), entry(teammate(), 'Hello'));
        const [, reply] = appended;
        if (reply === undefined) throw new Error('the reply was not appended');
        expect(await noteOn(reply, 'Sent without buttons')).toEqual({ kind: 'ok', value: true });
        expect(await noteOn(reply, 'Sent without buttons')).toEqual({ kind: 'ok', value: true });
        expect(await notesIn(conversationId)).toEqual([expect.stringContaining('Sent without buttons')]);
      });

      it('is written once when the answer to the first try is lost', async () => {
        const { appended, conversationId } = await converse(entry(customer, 'Hi'), entry(teammate(), 'Hello'));
        const [, reply] = appended;
        if (reply === undefined) throw new Error('the reply was not appended');
        harness.happen({ on: 'joining', author: 'note', effect: 'reset-after' });
        expect((await noteOn(reply, 'Only once')).kind).toBe('uncertain');
        okOf(await noteOn(reply, 'Only once'));
        expect(await notesIn(conversationId)).toHaveLength(1);
      });

      it('is written for each of two entries, though the words are the same', async () => {
        const { appended, conversationId } = await converse(entry(teammate(), 'One'), entry(teammate(), 'Two'));
        for (const reply of appended) okOf(await noteOn(reply, 'Sent without buttons'));
        expect(await notesIn(conversationId)).toHaveLength(2);
      });

      it('reports that the conversation is gone', async () => {
        const { appended, conversationId } = await converse(entry(customer, 'Hi'));
        const [only] = appended;
        if (only === undefined) throw new Error('the entry was not appended');
        await harness.removeConversation(conversationId);
        expect(await noteOn(only, 'Too late')).toMatchObject({ kind: 'gone', what: 'conversation' });
      });
    });

    describe('the inboxes of the account', () => {
      it('are listed, each with an id and a name', async ({ skip }) => {
        const { inboxes } = harness.inbox;
        if (inboxes === undefined) return skip('this inbox has no inboxes to choose from');
        const listed = okOf(await inboxes.list());
        expect(listed.length).toBeGreaterThan(0);
        expect(listed.every(({ id, name }) => id !== '' && name !== '')).toBe(true);
      });
    });

    describe('the contact', () => {
      it('is created once, however often it is asked for', async () => {
        const first = okOf(await harness.inbox.ensureContact(request));
        const second = okOf(await harness.inbox.ensureContact(request));
        expect(second).toEqual(first);
        expect(await harness.contactCount()).toBeLessThanOrEqual(1);
      });

      it('is created once when the answer to its creation is lost', async () => {
        harness.happen({ on: 'contact-creation', author: 'customer', effect: 'reset-after' });
        const lost = await harness.inbox.ensureContact(request);
        expect(['deferred', 'ok']).toContain(lost.kind);
        okOf(await harness.inbox.ensureContact(request));
        expect(await harness.contactCount()).toBeLessThanOrEqual(1);
      });

      it('accepts a phone number that the customer shared', async ({ skip }) => {
        const contact = okOf(await harness.inbox.ensureContact(request));
        const { contacts } = harness.inbox;
        if (contacts === undefined) return skip('this inbox does not change contacts');
        expect(await contacts.offerPhone(contact, '+46700000000')).toEqual({ kind: 'ok', value: true });
        expect(await contacts.offerPhone(contact, 'no number')).toEqual({ kind: 'ok', value: true });
      });
    });

    describe.each([
      ['opening', 'customer'],
      ['opening', 'teammate'],
      ['joining', 'customer'],
      ['joining', 'teammate'],
      ['joining', 'note'],
    ] as const)('an entry %s the conversation, by the %s', (on, author) => {
      const authorOf = (): EntryAuthor =>
        author === 'teammate' ? teammate() : author === 'note' ? { kind: 'note' } : customer;
      const prepare = async (): Promise<ConversationLink> =>
        on === 'opening' ? noConversation() : (await converse(entry(customer, 'before'))).link;
      /** How often the text is in the conversation. */
      const countOf = async (conversationId: string, text: string) =>
        (await seen(conversationId)).filter(([, seenText]) => seenText === text).length;

      it.each(['reset-after', 'truncate-after', 'server-error-after'] as const)(
        'is written once when the answer is lost (%s)',
        async (effect) => {
          const link = await prepare();
          const what = entry(authorOf(), 'only once');
          // Warm, so that the mishap meets the write itself.
          await harness.inbox.listTeammates();
          harness.happen({ on, author, effect });
          expect((await append(link, what)).kind).toBe('uncertain');
          const found = okOf(await harness.inbox.find(link, what, request));
          const { conversationId, entryId } = found ?? okOf(await append(link, what));
          expect(await countOf(conversationId, 'only once')).toBe(1);
          expect(await harness.conversationCount()).toBe(1);
          expect((await harness.read(conversationId)).map((each) => each.entryId)).toContain(entryId);
        },
      );

      it('is written at the second try when the first did not arrive', async () => {
        const link = await prepare();
        const what = entry(authorOf(), 'at last');
        await harness.inbox.listTeammates();
        harness.happen({ on, author, effect: 'reset-before' });
        expect((await append(link, what)).kind).toBe('uncertain');
        expect(okOf(await harness.inbox.find(link, what, request))).toBeNull();
        const { conversationId } = okOf(await append(link, what));
        expect(await countOf(conversationId, 'at last')).toBe(1);
      });

      it('is deferred and not written when the inbox is rate limited', async () => {
        const link = await prepare();
        const what = entry(authorOf(), 'later');
        await harness.inbox.listTeammates();
        harness.happen({ on, author, effect: 'rate-limited' });
        const outcome = await append(link, what);
        expect(outcome.kind).toBe('deferred');
        expect(outcome.kind === 'deferred' && outcome.retryAfterMs).toBeGreaterThanOrEqual(1_000);
        // Until the pause is over the inbox is not called.
        expect((await append(link, what)).kind).toBe('deferred');
        harness.passTime(outcome.kind === 'deferred' ? (outcome.retryAfterMs ?? 0) : 0);
        const { conversationId } = okOf(await append(link, what));
        expect(await countOf(conversationId, 'later')).toBe(1);
      });
    });

    it('is not mistaken for an older entry with the same words', async () => {
      const { link, conversationId } = await converse(entry(customer, 'ok'), entry(customer, 'ok'));
      const what = entry(customer, 'ok');
      harness.happen({ on: 'joining', author: 'customer', effect: 'reset-before' });
      expect((await append(link, what)).kind).toBe('uncertain');
      expect(okOf(await harness.inbox.find(link, what, request))).toBeNull();
      expect((await seen(conversationId)).length).toBe(2);
    });

    it.each(['customer', 'teammate'] as const)(
      'reports a removed conversation when the %s writes, and continues in another one',
      async (author) => {
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

    it('reports a refused credential as broken in every call', async () => {
      const link = await noConversation();
      const outcomes = [
        await harness.intruder.describe(),
        await harness.intruder.listTeammates(),
        await harness.intruder.append(link, entry(customer, 'Hi'), request),
        await harness.intruder.append(link, entry(teammate(), 'Hi'), request),
      ];
      expect(outcomes.map(({ kind }) => kind)).toEqual(outcomes.map(() => 'broken'));
    });

    it('names its account', async () => {
      expect(okOf(await harness.inbox.describe()).account).not.toBe('');
    });

    it('connects a bot again without creating anything twice', async () => {
      const { ref, ...bot } = request.channel;
      expect(okOf(await harness.inbox.connectChannel(bot))).toEqual(ref);
    });
  });
}

function okOf<T>(outcome: InboxOutcome<T>): T {
  if (outcome.kind === 'ok') return outcome.value;
  throw new Error(`expected an answer, got ${outcome.kind}: ${outcome.detail}`);
}
