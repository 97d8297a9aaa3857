import type { InboundContent } from '@chatferry/gateway/internal/core/message/content';
import type { Bot } from '@chatferry/gateway/internal/ports/channel';
import { beforeEach, expect, it } from 'vitest';
import type { Around } from './scene.ts';
import { contentsOf, limitMs, sendTo, unwrap } from './steps.ts';

/** Everything that waits at the provider, understood; and the offset that confirms it. */
async function take({ scene, channel }: Around, offset: string | null, bot: Bot) {
  const { updates, nextOffset } = unwrap(await channel().poll(offset, new AbortController().signal));
  return { decoded: updates.map(({ raw }) => scene().kind.decode(raw, bot)), updates, nextOffset };
}

/** The bot of the running case, and its updates from the start of the case on. */
interface Polled extends Around {
  /** The offset at which the case starts. */
  readonly offset: () => string | null;
  /** Takes what waits from this offset on, or else from the one at which the case starts. */
  readonly take: (from?: string | null) => ReturnType<typeof take>;
}

export function polls(around: Around): void {
  let bot: Bot;
  let offset: string | null;

  beforeEach(async () => {
    bot = unwrap(await around.channel().describe());
    offset = (await take(around, null, bot)).nextOffset;
  });

  const polled: Polled = { ...around, offset: () => offset, take: (from = offset) => take(around, from, bot) };
  confirmsUpdates(polled);
  fetchesFiles(polled);
  answersTaps(polled);
  answersInlineQueries(polled);
}

function confirmsUpdates(around: Polled): void {
  it('are repeated until their offset is confirmed', async () => {
    const { says, kind, chatId } = around.scene();
    says('one');
    const first = await around.take();
    says('two');
    const [again] = (await around.take()).updates;
    expect(again).toEqual(first.updates[0]);
    const next = await around.take(first.nextOffset);
    expect(contentsOf([...first.decoded, ...next.decoded])).toEqual([
      { kind: 'text', text: 'one' },
      { kind: 'text', text: 'two' },
    ]);
    for (const { raw, updateId } of [...first.updates, ...next.updates]) {
      expect(kind.identify(raw)).toEqual({ updateId, chatId, kindOfUpdate: 'message', isAwaited: false });
    }
  });

  it('are empty and unconfirmed when the poll is aborted', async () => {
    const stop = new AbortController();
    const waiting = around.channel().poll(around.offset(), stop.signal);
    stop.abort();
    expect(await waiting).toEqual({ kind: 'ok', value: { updates: [], nextOffset: around.offset() } });
  });

  it('report that the customer blocks and unblocks the bot', async () => {
    around.scene().blocks();
    const blocked = await around.take();
    around.scene().unblocks();
    const unblocked = await around.take(blocked.nextOffset);
    expect(contentsOf([...blocked.decoded, ...unblocked.decoded])).toEqual([
      { kind: 'blocked' },
      { kind: 'unblocked' },
    ]);
  });
}

function fetchesFiles(around: Polled): void {
  it('contain a file that can be fetched', async () => {
    const content = Buffer.from([37, 80, 68, 70, 0, 255]);
    around.scene().sendsFile(content);
    const [told] = contentsOf((await around.take()).decoded) as readonly InboundContent[];
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
    const [told] = contentsOf((await around.take()).decoded) as readonly InboundContent[];
    if (told?.kind !== 'file') throw new Error(`no file but ${JSON.stringify(told)}`);
    const limits = { maxBytes: 50_000_000, limitMs: limitMs };
    expect(await around.channel().download(told.fileId, limits)).toEqual({
      kind: 'too-large',
      maxBytes: 20 * 1024 * 1024,
    });
  });
}

function answersTaps(around: Polled): void {
  it('contain a tap that can be answered', async () => {
    await sendTo(around, around.scene().chatId);
    around.scene().tapsFirstButton();
    const [tap] = (await around.take()).decoded;
    if (tap?.kind !== 'event' || tap.tapId === null) throw new Error(`no tap but ${JSON.stringify(tap)}`);
    expect(tap.event.content).toEqual({ kind: 'tap', label: 'Yes', data: 'y' });
    expect(tap.event.answers?.excerpt).toBe('Hello');
    expect(await around.channel().answerTap(tap.tapId, { text: 'Thanks', isAlert: false })).toEqual({
      kind: 'ok',
      value: true,
    });
    expect(await around.channel().answerTap('31415926', null)).toMatchObject({ kind: 'refused', broken: false });
  });
}

function answersInlineQueries(around: Polled): void {
  it('contain an inline query whose answer the customer can pick', async () => {
    const { asksInline, picksSuggestion, suggestions } = around.scene();
    asksInline('help 1');
    const asked = await around.take();
    const [query] = asked.decoded;
    if (query?.kind !== 'inline-query') throw new Error(`no inline query but ${JSON.stringify(query)}`);
    expect(query).toMatchObject({ query: 'help 1', privateChat: true });
    const answered = await around.channel().answerInlineQuery(query.queryId, query.query, 'Help');
    expect(answered).toEqual({ kind: 'ok', value: true });
    expect(suggestions()).toEqual(['Help']);
    picksSuggestion();
    expect(contentsOf((await around.take(asked.nextOffset)).decoded)).toEqual([
      { kind: 'suggested-reply', query: 'help 1' },
    ]);
  });

  it('contain an empty inline query that gets no result', async () => {
    around.scene().asksInline('');
    const [query] = (await around.take()).decoded;
    if (query?.kind !== 'inline-query') throw new Error(`no inline query but ${JSON.stringify(query)}`);
    expect(await around.channel().answerInlineQuery(query.queryId, '', null)).toEqual({ kind: 'ok', value: true });
    expect(around.scene().suggestions()).toEqual([]);
  });
}
