import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { TelegramInteractiveMessage } from '@chatferry/contract';
import type { SendOutcome } from '@chatferry/gateway/internal/core/delivery/outcome';
import type { InboundContent } from '@chatferry/gateway/internal/core/message/content';
import type { DecodedUpdate } from '@chatferry/gateway/internal/core/message/inbound';
import type { Bot, CallOutcome, Channel, ChannelCredential } from '@chatferry/gateway/internal/ports/channel';
import type { ChannelKind } from '@chatferry/gateway/internal/ports/channel-kind';
import { Secret } from '@chatferry/gateway/internal/ports/secret';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** What befalls the next send at the provider. "After" means that the customer has the message anyway. */
export type Trouble =
  | 'rate-limited'
  | 'cut-before'
  | 'cut-after'
  | 'truncated-after'
  | 'bad-gateway-before'
  | 'bad-gateway-after'
  | 'silence-after';

/** A provider over real HTTP with one bot and one customer who has started it. */
export interface ChannelScene {
  readonly kind: ChannelKind;
  readonly credential: ChannelCredential;
  readonly botId: string;
  readonly chatId: string;
  /** A person whom the bot may not write to yet. */
  readonly strangerId: string;
  /** A chat that the provider has never heard of. */
  readonly nobodyId: string;
  /** A base address at which no server listens. */
  readonly deadRoot: string;
  /** The bot's messages as the customer sees them, oldest first. */
  seen(): readonly string[];
  /** Resolves when the customer sees this number of messages. */
  sawMessages(count: number): Promise<void>;
  trouble(next: Trouble): void;
  /** Moves the gateway's clock forward. */
  passTime(byMs: number): void;
  /** Tells the provider that the credential counts no more. */
  revoke(): void;
  says(text: string): void;
  /** Sends a document; `size` is what the provider believes of it. */
  sendsFile(content: Buffer, size?: number): void;
  /** Uses the first button of the newest message. */
  tapsFirstButton(): void;
  /** Asks the bot for suggestions with this query, as the apps do. */
  asksInline(query: string): void;
  /** The titles that the bot suggested; empty before it answered. */
  suggestions(): readonly string[];
  picksSuggestion(): void;
  blocks(): void;
  unblocks(): void;
  /** A group, and what its id becomes when it moves. */
  makesGroup(): { readonly chatId: string; readonly moves: () => string };
  close(): Promise<void>;
}

const limitMs = 10_000;

const hello: TelegramInteractiveMessage = {
  type: 'reply_buttons',
  text: 'Hello',
  reply_markup: {
    inline_keyboard: [
      [
        { text: 'Yes', callback_data: 'y' },
        { text: 'Help', switch_inline_query_current_chat: 'help 1' },
      ],
    ],
  },
};

const everyType: readonly TelegramInteractiveMessage[] = [
  hello,
  {
    type: 'reply_keyboard',
    text: 'Where are you?',
    reply_markup: {
      keyboard: [
        [
          { text: 'Here', request_location: true },
          { text: 'Call me', request_contact: true },
        ],
        [{ text: 'No' }],
      ],
      resize_keyboard: true,
      input_field_placeholder: 'Choose',
    },
  },
  { type: 'remove_reply_keyboard', text: 'Thanks', reply_markup: { remove_keyboard: true } },
  { type: 'highlight_reply', text: 'Why?', reply_markup: { force_reply: true, input_field_placeholder: 'Because' } },
];

/** What every channel adapter must do, over real HTTP against a provider that can fail. */
export function channelConformance(name: string, openScene: () => Promise<ChannelScene>): void {
  describe(`the channel port, by ${name}`, () => {
    let scene: ChannelScene;
    let channel: Channel;
    const around: Around = { scene: () => scene, channel: () => channel };

    beforeEach(async () => {
      scene = await openScene();
      channel = scene.kind.open(scene.credential);
    });
    afterEach(() => scene.close());

    describe('a send', () => {
      sendsWhatArrives(around);
      sendsWhatIsRefused(around);
      sendsInTrouble(around);
    });
    describe('the bot', () => describesTheBot(around));
    describe('updates by polling', () => polls(around));
    describe('updates by webhook', () => receivesWebhooks(around));
  });
}

interface Around {
  readonly scene: () => ChannelScene;
  readonly channel: () => Channel;
}

const sendTo = ({ scene, channel }: Around, chatId: string): Promise<SendOutcome> =>
  channel().send(scene().kind.encode(chatId, hello).wire, limitMs);

function sendsWhatArrives(around: Around): void {
  it.each(everyType)('of $type is delivered and seen', async (message) => {
    const { kind, chatId, seen } = around.scene();
    const outcome = await around.channel().send(kind.encode(chatId, message).wire, limitMs);
    expect(outcome).toEqual({ kind: 'delivered', channelMessageId: expect.stringMatching(/^[0-9]+$/) });
    expect(seen()).toEqual([message.text]);
  });

  it('gives every message an id of its own', async () => {
    const { chatId } = around.scene();
    expect(await sendTo(around, chatId)).not.toEqual(await sendTo(around, chatId));
  });

  it('works from a wire that was stored as JSON', async () => {
    const { kind, chatId, seen } = around.scene();
    const stored = JSON.stringify(kind.encode(chatId, hello).wire);
    expect(await around.channel().send(JSON.parse(stored), limitMs)).toMatchObject({ kind: 'delivered' });
    expect(seen()).toEqual(['Hello']);
  });

  it('to a group that moved is deferred, and arrives at the new chat', async () => {
    const { kind, makesGroup } = around.scene();
    const group = makesGroup();
    const { wire } = kind.encode(group.chatId, hello);
    const newChatId = group.moves();
    const moved = { kind: 'deferred', because: 'migrated', newChatId, detail: expect.any(String) };
    expect(await around.channel().send(wire, limitMs)).toEqual(moved);
    expect(await around.channel().send(kind.readdress(wire, newChatId), limitMs)).toMatchObject({ kind: 'delivered' });
  });
}

function sendsWhatIsRefused(around: Around): void {
  const rejected = (reason: string): object => ({
    kind: 'rejected',
    reason,
    providerCode: expect.any(Number),
    detail: expect.any(String),
  });

  it('to an unknown chat is rejected: recipient-unknown', async () => {
    const { nobodyId, strangerId } = around.scene();
    expect(await sendTo(around, nobodyId)).toEqual(rejected('recipient-unknown'));
    expect(await sendTo(around, strangerId)).toEqual(rejected('recipient-unknown'));
  });

  it('to a customer who blocked the bot is rejected: recipient-gone', async () => {
    around.scene().blocks();
    expect(await sendTo(around, around.scene().chatId)).toEqual(rejected('recipient-gone'));
    expect(around.scene().seen()).toEqual([]);
  });

  it('that the provider refuses is rejected: refused', async () => {
    const { kind, chatId, seen } = around.scene();
    const { wire } = kind.encode(chatId, { ...hello, text: 'x'.repeat(20_000) });
    expect(await around.channel().send(wire, limitMs)).toEqual(rejected('refused'));
    expect(seen()).toEqual([]);
  });

  it('with a refused credential is rejected: channel-broken', async () => {
    around.scene().revoke();
    expect(await sendTo(around, around.scene().chatId)).toEqual(rejected('channel-broken'));
  });
}

function sendsInTrouble(around: Around): void {
  it('that is rate limited is deferred with the wait, and does not arrive', async () => {
    const { chatId, seen, trouble } = around.scene();
    trouble('rate-limited');
    expect(await sendTo(around, chatId)).toEqual({
      kind: 'deferred',
      because: 'rate-limited',
      retryAfterMs: 3_000,
      detail: expect.any(String),
    });
    expect(seen()).toEqual([]);
  });

  it('to an address at which no server listens is deferred: nothing was written', async () => {
    const { kind, credential, chatId, deadRoot } = around.scene();
    const dead = kind.open({ ...credential, apiRoot: deadRoot });
    const outcome = await dead.send(kind.encode(chatId, hello).wire, limitMs);
    expect(outcome).toEqual({ kind: 'deferred', because: 'not-written', detail: expect.any(String) });
    expect(JSON.stringify(outcome)).not.toContain(credential.token.reveal());
  });

  it.each<[Trouble, number]>([
    ['cut-before', 0],
    ['bad-gateway-before', 0],
    ['cut-after', 1],
    ['truncated-after', 1],
    ['bad-gateway-after', 1],
  ])('in trouble (%s) is uncertain, and made once: seen %i times', async (trouble, times) => {
    const { chatId, credential, seen } = around.scene();
    around.scene().trouble(trouble);
    const outcome = await sendTo(around, chatId);
    expect(outcome).toEqual({ kind: 'uncertain', detail: expect.any(String) });
    expect(JSON.stringify(outcome)).not.toContain(credential.token.reveal());
    expect(seen()).toHaveLength(times);
  });

  it('without an answer is uncertain at its limit', async () => {
    const { chatId, passTime, sawMessages, trouble } = around.scene();
    trouble('silence-after');
    const outcome = sendTo(around, chatId);
    await sawMessages(1);
    passTime(limitMs);
    expect(await outcome).toEqual({ kind: 'uncertain', detail: expect.any(String) });
  });
}

function describesTheBot(around: Around): void {
  it('is described', async () => {
    expect(await around.channel().describe()).toEqual({
      kind: 'ok',
      value: {
        botId: around.scene().botId,
        username: expect.any(String),
        name: expect.any(String),
        supportsInlineQueries: true,
      },
    });
  });

  it('is broken when its credential is refused, and unavailable without an answer', async () => {
    const { kind, credential, deadRoot, revoke } = around.scene();
    const dead = kind.open({ ...credential, apiRoot: deadRoot });
    expect(await dead.describe()).toMatchObject({ kind: 'unavailable' });
    revoke();
    expect(await around.channel().describe()).toMatchObject({ kind: 'refused', broken: true });
  });

  it('is reached also when the configured addresses end in slashes', async () => {
    const { kind, credential } = around.scene();
    const sloppy = kind.open({
      ...credential,
      apiRoot: `${credential.apiRoot}/`,
      fileRoot: `${credential.fileRoot}//`,
    });
    expect(await sloppy.describe()).toMatchObject({ kind: 'ok' });
  });
}

const unwrap = <T>(outcome: CallOutcome<T>): T => {
  if (outcome.kind !== 'ok') throw new Error(`${outcome.kind}: ${outcome.detail}`);
  return outcome.value;
};

/** Everything that waits at the provider, understood; and the offset that confirms it. */
async function take({ scene, channel }: Around, offset: string | null, bot: Bot) {
  const { updates, nextOffset } = unwrap(await channel().poll(offset, new AbortController().signal));
  return { decoded: updates.map(({ raw }) => scene().kind.decode(raw, bot)), updates, nextOffset };
}

const contentsOf = (decoded: readonly DecodedUpdate[]): unknown[] =>
  decoded.map((update) => (update.kind === 'event' ? update.event.content : update));

function polls(around: Around): void {
  let bot: Bot;
  let offset: string | null;

  beforeEach(async () => {
    bot = unwrap(await around.channel().describe());
    offset = (await take(around, null, bot)).nextOffset;
  });

  it('are repeated until their offset is confirmed', async () => {
    const { says, kind, chatId } = around.scene();
    says('one');
    const first = await take(around, offset, bot);
    says('two');
    const [again] = (await take(around, offset, bot)).updates;
    expect(again).toEqual(first.updates[0]);
    const next = await take(around, first.nextOffset, bot);
    expect(contentsOf([...first.decoded, ...next.decoded])).toEqual([
      { kind: 'text', text: 'one' },
      { kind: 'text', text: 'two' },
    ]);
    for (const { raw, updateId } of [...first.updates, ...next.updates]) {
      expect(kind.identify(raw)).toEqual({ updateId, chatId, kindOfUpdate: 'message', isAwaited: false });
    }
  });

  it('contain a file that can be fetched', async () => {
    const content = Buffer.from([37, 80, 68, 70, 0, 255]);
    around.scene().sendsFile(content);
    const [told] = contentsOf((await take(around, offset, bot)).decoded) as readonly InboundContent[];
    if (told?.kind !== 'file') throw new Error(`no file but ${JSON.stringify(told)}`);
    expect(told).toMatchObject({ media: 'document', sizeBytes: content.length });
    const limits = { maxBytes: content.length, limitMs: limitMs };
    expect(await around.channel().download(told.fileId, limits)).toEqual({ kind: 'ok', value: { content } });
    expect(await around.channel().download(told.fileId, { ...limits, maxBytes: 5 })).toEqual({
      kind: 'too-large',
      maxBytes: 5,
    });
    expect(await around.channel().download('no such file', limits)).toMatchObject({ kind: 'refused', broken: false });
  });

  it('contain a file that the provider does not serve', async () => {
    around.scene().sendsFile(Buffer.from('film'), 34_000_000);
    const [told] = contentsOf((await take(around, offset, bot)).decoded) as readonly InboundContent[];
    if (told?.kind !== 'file') throw new Error(`no file but ${JSON.stringify(told)}`);
    const limits = { maxBytes: 50_000_000, limitMs: limitMs };
    expect(await around.channel().download(told.fileId, limits)).toEqual({
      kind: 'too-large',
      maxBytes: 20 * 1024 * 1024,
    });
  });

  it('are empty and unconfirmed when the poll is aborted', async () => {
    const stop = new AbortController();
    const waiting = around.channel().poll(offset, stop.signal);
    stop.abort();
    expect(await waiting).toEqual({ kind: 'ok', value: { updates: [], nextOffset: offset } });
  });

  it('contain a tap that can be answered', async () => {
    await sendTo(around, around.scene().chatId);
    around.scene().tapsFirstButton();
    const [tap] = (await take(around, offset, bot)).decoded;
    if (tap?.kind !== 'event' || tap.tapId === null) throw new Error(`no tap but ${JSON.stringify(tap)}`);
    expect(tap.event.content).toEqual({ kind: 'tap', label: 'Yes', data: 'y' });
    expect(tap.event.answers?.excerpt).toBe('Hello');
    expect(await around.channel().answerTap(tap.tapId, 'Thanks')).toEqual({ kind: 'ok', value: true });
    expect(await around.channel().answerTap('31415926', null)).toMatchObject({ kind: 'refused', broken: false });
  });

  it('contain an inline query whose answer the customer can pick', async () => {
    const { asksInline, picksSuggestion, suggestions } = around.scene();
    asksInline('help 1');
    const asked = await take(around, offset, bot);
    const [query] = asked.decoded;
    if (query?.kind !== 'inline-query') throw new Error(`no inline query but ${JSON.stringify(query)}`);
    expect(query).toMatchObject({ query: 'help 1', privateChat: true });
    const answered = await around.channel().answerInlineQuery(query.queryId, query.query, 'Help');
    expect(answered).toEqual({ kind: 'ok', value: true });
    expect(suggestions()).toEqual(['Help']);
    picksSuggestion();
    expect(contentsOf((await take(around, asked.nextOffset, bot)).decoded)).toEqual([
      { kind: 'suggested-reply', query: 'help 1' },
    ]);
  });

  it('contain an empty inline query that gets no result', async () => {
    around.scene().asksInline('');
    const [query] = (await take(around, offset, bot)).decoded;
    if (query?.kind !== 'inline-query') throw new Error(`no inline query but ${JSON.stringify(query)}`);
    expect(await around.channel().answerInlineQuery(query.queryId, '', null)).toEqual({ kind: 'ok', value: true });
    expect(around.scene().suggestions()).toEqual([]);
  });

  it('report that the customer blocks and unblocks the bot', async () => {
    around.scene().blocks();
    const blocked = await take(around, offset, bot);
    around.scene().unblocks();
    const unblocked = await take(around, blocked.nextOffset, bot);
    expect(contentsOf([...blocked.decoded, ...unblocked.decoded])).toEqual([
      { kind: 'blocked' },
      { kind: 'unblocked' },
    ]);
  });
}

function receivesWebhooks(around: Around): void {
  const secret = new Secret('a-secret_of-the-webhook');
  let server: Server;
  let url: string;
  let received: { headers: IncomingHttpHeaders; body: Buffer }[];

  beforeEach(async () => {
    received = [];
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = await request.toArray();
      received.push({ headers: request.headers, body: Buffer.concat(chunks) });
      response.end();
      server.emit('received');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/hook`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('carry the secret and can be decoded', async () => {
    const { kind, says } = around.scene();
    const bot = unwrap(await around.channel().describe());
    expect(await around.channel().registerWebhook(url, secret)).toEqual({ kind: 'ok', value: true });
    says('one');
    says('two');
    const texts = () =>
      contentsOf(received.map(({ body }) => kind.decode(body, bot))).filter(
        (content) => typeof content === 'object' && content !== null && 'text' in content,
      );
    while (texts().length < 2) await once(server, 'received');
    expect(texts()).toEqual([
      { kind: 'text', text: 'one' },
      { kind: 'text', text: 'two' },
    ]);
    expect(received.every(({ headers }) => kind.verify(headers, secret))).toBe(true);
    expect(received.some(({ headers }) => kind.verify(headers, new Secret('another')))).toBe(false);
  });

  it('can be inspected and taken back', async () => {
    const channel = around.channel();
    await channel.registerWebhook(url, secret);
    expect(await channel.webhookStatus()).toMatchObject({ kind: 'ok', value: { url, lastError: null } });
    expect(await channel.poll(null, new AbortController().signal)).toMatchObject({ kind: 'refused', broken: false });
    expect(await channel.removeWebhook()).toEqual({ kind: 'ok', value: true });
    expect(await channel.webhookStatus()).toMatchObject({ kind: 'ok', value: { url: '' } });
  });

  it('cannot be set to an address that the provider refuses', async () => {
    const outcome = await around.channel().registerWebhook('http://nobody.invalid/hook', secret);
    expect(outcome).toMatchObject({ kind: 'refused', broken: false });
  });
}
