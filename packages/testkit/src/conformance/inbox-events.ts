import { bodyOfOutbound, type EntryBody } from '@chatferry/gateway/internal/core/inbox/entry';
import type { AgentReply, InboxEvent } from '@chatferry/gateway/internal/core/inbox/inbox-event';
import type { BoundInbox } from '@chatferry/gateway/internal/ports/bound-inbox';
import type {
  AppendedEntry,
  ContactRequest,
  ConversationLink,
  EntryAuthor,
  Inbox,
  InboxOutcome,
} from '@chatferry/gateway/internal/ports/inbox';
import type { InboxKind } from '@chatferry/gateway/internal/ports/inbox-kind';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReceivedCall } from '../http/webhook-receiver.ts';

/** What a teammate or a bot does in the inbox itself. */
export interface InboxDeed {
  readonly words: string;
  readonly by?: 'teammate' | 'bot';
  /** Only the team sees it. */
  readonly internal?: boolean;
  readonly file?: { readonly url: string; readonly name: string };
}

/** A kind of inbox against its provider's simulator, which calls us over real HTTP about everything that happens. */
export interface InboxEventsHarness {
  readonly kind: Omit<InboxKind, 'originsOf'>;
  readonly input: BoundInbox;
  /** The same account with another secret. */
  readonly strangerInput: BoundInbox;
  readonly inbox: Inbox;
  readonly senderId: string;
  nowMs(): number;
  /** Returns the provider's id of what was written. */
  act(conversationId: string, deed: InboxDeed): string;
  /** From now on calls tell less than all of what was written. */
  tellLess(): void;
  /** The call that reports a delivery is carried out, and its answer lost. */
  loseReport(): void;
  /** What the team reads about the fate of a reply. */
  complaints(conversationId: string, entryId: string): readonly string[];
  /** The calls so far, in the order of their arrival. */
  until(enough: (calls: readonly ReceivedCall[]) => boolean): Promise<readonly ReceivedCall[]>;
  close(): Promise<void>;
}

const person = { userId: '42', name: 'Ada Lovelace', username: 'ada', languageCode: 'en' };
const customer: EntryAuthor = { kind: 'customer', name: person.name };
const textBody = (text: string): EntryBody => ({ blocks: [{ kind: 'text', text }], extras: [] });

/** What every kind of inbox must make of what its provider sends, and how a reply's fate comes back to the team. */
export function inboxEventsConformance(name: string, start: () => Promise<InboxEventsHarness>): void {
  describe(`the webhook calls and reads of ${name}`, () => {
    let harness: InboxEventsHarness;
    let request: ContactRequest;
    let link: ConversationLink;
    let conversationId: string;
    let keys = 0;

    const append = async (author: EntryAuthor, body: EntryBody): Promise<AppendedEntry> => {
      keys += 1;
      const entry = { key: `entry-${keys}`, author, body, attachments: [], happenedAtMs: harness.nowMs() };
      const appended = okOf(await harness.inbox.append(link, entry, request));
      link = { ...link, conversationId: appended.conversationId, lastEntryId: appended.entryId };
      return appended;
    };
    beforeEach(async () => {
      harness = await start();
      const bot = { botId: '99', username: 'shop_bot', name: 'Shop' };
      const ref = okOf(await harness.inbox.connectChannel(bot));
      const chat = { chatId: '42', kind: 'private', title: 'Ada', username: 'ada', topicId: null } as const;
      request = { channel: { ...bot, ref }, chat, person };
      link = { contact: okOf(await harness.inbox.ensureContact(request)), conversationId: null, generation: 0 };
      conversationId = (await append(customer, textBody('Hello?'))).conversationId;
    });
    afterEach(() => harness.close());

    const decoded = (calls: readonly ReceivedCall[]): readonly InboxEvent[] =>
      calls.flatMap(({ rawBody }) => harness.kind.decode(rawBody, harness.input));
    const repliesIn = (calls: readonly ReceivedCall[]): readonly AgentReply[] =>
      decoded(calls).flatMap((event) => (event.kind === 'reply' ? [event.reply] : []));
    /** The call that carries the entry, as soon as it is here. */
    const callAbout = async (entryId: string): Promise<ReceivedCall> => {
      const carries = (call: ReceivedCall) => repliesIn([call]).some((reply) => reply.entryId === entryId);
      const found = (await harness.until((calls) => calls.some(carries))).find(carries);
      if (found === undefined) throw new Error(`no call contains ${entryId}`);
      return found;
    };
    const replyOf = async (entryId: string): Promise<AgentReply> => {
      const reply = repliesIn([await callAbout(entryId)]).find((each) => each.entryId === entryId);
      if (reply === undefined) throw new Error(`no call contains ${entryId}`);
      return reply;
    };

    it('are signed over every byte with the account’s own secret', async () => {
      const call = await callAbout(harness.act(conversationId, { words: 'Hi' }));
      const isGenuine = (given: ReceivedCall, input = harness.input) =>
        harness.kind.verify(given, input, harness.nowMs());
      expect(isGenuine(call)).toBe(true);
      expect(isGenuine({ ...call, rawBody: Buffer.concat([call.rawBody, Buffer.from(' ')]) })).toBe(false);
      expect(isGenuine(call, harness.strangerInput)).toBe(false);
    });

    it('have a stable id and name their conversation', async () => {
      const first = await callAbout(harness.act(conversationId, { words: 'One' }));
      const second = await callAbout(harness.act(conversationId, { words: 'Two' }));
      const identities = [first, first, second].map(({ rawBody }) => harness.kind.identify(rawBody));
      expect(identities).toEqual(identities.map(() => expect.objectContaining({ conversationId })));
      const ids = identities.map((identity) => ('eventId' in identity ? identity.eventId : identity.malformed));
      expect(ids[0]).toBe(ids[1]);
      expect(ids[0]).not.toBe(ids[2]);
    });

    it('contain a teammate’s reply as it was written', async () => {
      const words = 'Yes: 2 < 3 & <b> is no tag\nand “more” 😀';
      const reply = await replyOf(harness.act(conversationId, { words }));
      expect(reply).toMatchObject({
        conversationId,
        author: { kind: 'teammate' },
        body: { text: words },
        attachments: [],
        quickReplies: [],
        markedOurs: false,
        textHash: harness.inbox.textHashOf(textBody(words)),
      });
      expect(reply.author.id).toContain(harness.senderId);
      expect(reply.happenedAtMs).toBe(Math.floor(harness.nowMs() / 1000) * 1000);
    });

    it('contain a bot’s reply, always under one id', async () => {
      const entryId = harness.act(conversationId, { words: 'Beep', by: 'bot' });
      const last = harness.act(conversationId, { words: 'after' });
      await callAbout(last);
      const replies = repliesIn(await harness.until(() => true)).filter(({ body }) => body.text === 'Beep');
      expect(replies.length).toBeGreaterThan(0);
      expect(replies.map((reply) => [reply.entryId, reply.author.kind])).toEqual(replies.map(() => [entryId, 'bot']));
    });

    it('contain a file by its address, without a placeholder', async () => {
      const file = { url: 'https://files.example/a/menu.pdf?sig=1', name: 'menu.pdf' };
      const reply = await replyOf(harness.act(conversationId, { words: 'The menu', file }));
      const { url, name } = file;
      expect(reply.attachments).toEqual([expect.objectContaining({ url: expect.stringContaining(url), name })]);
      expect(reply.body.text).toBe('The menu');
    });

    it('contain no reply for internal notes, nor for the customer’s messages', async () => {
      harness.act(conversationId, { words: 'he seems upset', internal: true });
      await append(customer, textBody('I am upset'));
      const reply = await replyOf(harness.act(conversationId, { words: 'Sorry!' }));
      expect(repliesIn(await harness.until(() => true))).toEqual([reply]);
    });

    it.each([
      ['plain words', textBody('Hello again')],
      ['markup and entities', textBody('<b>Pick</b> & go: a < b > c &amp; "d"')],
      ['several lines', textBody('one\n\n\ntwo\n  three ')],
      [
        'buttons',
        bodyOfOutbound({
          text: 'Choose:',
          controls: {
            kind: 'buttons',
            rows: [
              [{ label: 'Yes & more', action: { kind: 'callback', data: 'y' } }],
              [{ label: 'Shop', action: { kind: 'link', url: 'https://shop.example/?a=1&b=2' } }],
            ],
          },
        }),
      ],
    ])(
      'contain the gateway’s own entry under the id that `append` returned, with the same hash: %s',
      async (_what, body) => {
        const { entryId } = await append({ kind: 'teammate', senderId: harness.senderId }, body);
        const echo = await replyOf(entryId);
        expect(echo).toMatchObject({ conversationId, textHash: harness.inbox.textHashOf(body) });
        expect(echo.textHash).not.toBe(harness.inbox.textHashOf(textBody('something else')));
      },
    );

    it('contain the same entries, in order', async () => {
      const words = ['One', 'Two', 'Three'];
      const fromMs = harness.nowMs();
      for (const each of words) harness.act(conversationId, { words: each });
      harness.act(conversationId, { words: 'he seems upset', internal: true });
      const own = await append({ kind: 'teammate', senderId: harness.senderId }, textBody('Ours'));
      await append(customer, textBody('Thanks'));
      await callAbout(own.entryId);
      const changed = okOf(await harness.inbox.changedConversations(fromMs, null));
      expect(changed).toEqual({ conversationIds: [conversationId], nextCursor: null });
      const events = okOf(await harness.inbox.recentEvents(conversationId, fromMs, request.channel));
      const replies = events
        .flatMap((raw) => harness.kind.decode(raw, harness.input))
        .flatMap((event) => (event.kind === 'reply' ? [event.reply] : []));
      expect(replies.map(({ body }) => body.text)).toEqual([...words, 'Ours']);
      for (const reply of replies) {
        // On asking, nothing is bare words any more.
        const { isPlain: _, ...told } = await replyOf(reply.entryId);
        expect(reply).toMatchObject(told);
      }
    });

    it('contain nothing that is older than asked for', async () => {
      harness.act(conversationId, { words: 'Hi' });
      const laterMs = harness.nowMs() + 60_000;
      expect(okOf(await harness.inbox.changedConversations(laterMs, null)).conversationIds).toEqual([]);
      expect(okOf(await harness.inbox.recentEvents(conversationId, laterMs, request.channel))).toEqual([]);
    });

    it('complete a reply that a call cut short', async () => {
      harness.tellLess();
      const entryId = harness.act(conversationId, { words: 'Rather long words' });
      const incomplete = (calls: readonly ReceivedCall[]) =>
        decoded(calls).flatMap((event) => (event.kind === 'incomplete' ? [event.reply] : []));
      const [told] = incomplete(await harness.until((calls) => incomplete(calls).length > 0));
      if (told === undefined) throw new Error('no call told too little');
      expect(told.conversationId).toBe(conversationId);
      const events = okOf(await harness.inbox.complete(told));
      const replies = events
        .flatMap((raw) => harness.kind.decode(raw, harness.input))
        .flatMap((event) => (event.kind === 'reply' ? [[event.reply.entryId, event.reply.body.text]] : []));
      expect(replies).toEqual([[entryId, 'Rather long words']]);
    });

    it('report that a conversation is gone', async () => {
      const outcome = await harness.inbox.recentEvents('999999999', 0, request.channel);
      expect(outcome).toMatchObject({ kind: 'gone', what: 'conversation' });
    });

    it('show no complaint about a reply that was delivered', async () => {
      const reply = { conversationId, entryId: harness.act(conversationId, { words: 'Hi' }) };
      for (let times = 0; times < 2; times += 1) {
        okOf(await harness.inbox.reportDelivery(reply, { kind: 'delivered' }, request.channel));
      }
      expect(harness.complaints(conversationId, reply.entryId)).toEqual([]);
    });

    it('show once why a reply did not arrive, also when the answer to the first report is lost', async () => {
      const reply = { conversationId, entryId: harness.act(conversationId, { words: 'Hi' }) };
      const report = { kind: 'failed', reason: 'the customer blocked the bot' } as const;
      harness.loseReport();
      expect((await harness.inbox.reportDelivery(reply, report, request.channel)).kind).not.toBe('ok');
      okOf(await harness.inbox.reportDelivery(reply, report, request.channel));
      okOf(await harness.inbox.reportDelivery(reply, report, request.channel));
      expect(harness.complaints(conversationId, reply.entryId)).toEqual([
        expect.stringContaining('the customer blocked the bot'),
      ]);
    });

    it('show the failure of each of two replies with the same reason', async () => {
      const report = { kind: 'failed', reason: 'the customer blocked the bot' } as const;
      const ids = ['a', 'b'].map((words) => harness.act(conversationId, { words }));
      for (const entryId of ids) {
        okOf(await harness.inbox.reportDelivery({ conversationId, entryId }, report, request.channel));
      }
      expect(ids.map((entryId) => harness.complaints(conversationId, entryId).length)).toEqual([1, 1]);
    });

    it('show that the outcome of a reply is unknown', async () => {
      const entryId = harness.act(conversationId, { words: 'Hi' });
      const report = { kind: 'unknown', reason: 'Telegram did not answer' } as const;
      okOf(await harness.inbox.reportDelivery({ conversationId, entryId }, report, request.channel));
      const [complaint] = harness.complaints(conversationId, entryId);
      expect(complaint).toMatch(/not confirmed by Telegram; it may have arrived.*Telegram did not answer/i);
    });
  });
}

function okOf<T>(outcome: InboxOutcome<T>): T {
  if (outcome.kind === 'ok') return outcome.value;
  throw new Error(`expected an answer, got ${outcome.kind}: ${outcome.detail}`);
}
