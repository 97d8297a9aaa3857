import { delivered, limited, rejected, startDeliveryRig } from '@chatferry/testkit/rigs/delivery-rig';
import { describe, expect, it } from 'vitest';
import { ChannelClosedError } from './deliver.ts';

const { anIntent, channel, database, disk, startProcessOn, store } = await startDeliveryRig();

const chat = { perSecond: 1, burst: 2 };

describe('a burst to one chat', () => {
  it('goes at the pace that Telegram takes, in its order, and holds up nobody else', async () => {
    const { deliver, clock, sent } = startProcessOn(disk(), Array(6).fill(delivered()), { chat });
    const intent = anIntent();
    const texts = ['one', 'two', 'three', 'four'];
    const delivering = texts.map((text) => deliver({ ...intent, wire: { chat_id: intent.chatId, text } }));
    expect((await deliver(anIntent())).kind).toBe('sent');
    expect((await Promise.all(delivering.slice(0, 2))).map(({ kind }) => kind)).toEqual(['sent', 'sent']);
    for (const told of [3, 4]) {
      await clock.whenAsleep();
      expect(sent).toHaveLength(told);
      clock.advance(1_000);
      await delivering[told - 1];
    }
    const toChat = sent.filter(({ chat_id: chatId }) => chatId === intent.chatId);
    expect(toChat.map(({ text }) => text)).toEqual(texts);
  });

  it('is told at once where its turn comes too late for its caller, and takes no turn', async () => {
    const { deliver, clock, sent } = startProcessOn(disk(), Array(4).fill(delivered()), { chat });
    const intent = anIntent();
    const wait = { deadlineMs: clock.monotonicMs() + 2_000 };
    const delivering = [1, 2, 3].map(() => deliver(intent, wait));
    expect(await deliver(intent, wait)).toMatchObject({ kind: 'shed', retryAfterMs: 2_000 });
    await clock.whenAsleep();
    clock.advance(1_000);
    expect((await Promise.all(delivering)).map(({ kind }) => kind)).toEqual(['sent', 'sent', 'sent']);
    expect(sent).toHaveLength(3);
    const later = deliver(intent);
    await clock.whenAsleep();
    clock.advance(1_000);
    expect((await later).kind).toBe('sent');
  });

  it('leaves its turn where the caller gives up first', async () => {
    const { deliver, clock, sent } = startProcessOn(disk(), [delivered(), delivered()], { chat });
    const intent = anIntent();
    await deliver(intent);
    await deliver(intent);
    const patience = new AbortController();
    const leaving = deliver(intent, { signal: patience.signal });
    await clock.whenAsleep();
    patience.abort();
    await expect(leaving).rejects.toThrow('gave up while waiting');
    expect(sent).toHaveLength(2);
  });
});

describe('a group', () => {
  it('has a limit of its own', async () => {
    const limits = { group: { perSecond: 20 / 60, burst: 1 } };
    const { deliver, clock } = startProcessOn(disk(), Array(3).fill(delivered()), limits);
    const group = { ...anIntent(), chatId: '-100' };
    expect((await deliver(group)).kind).toBe('sent');
    const second = deliver(group);
    await clock.whenAsleep();
    expect(clock.sleeping()).toEqual([3_000]);
    expect((await deliver(anIntent())).kind).toBe('sent');
    clock.advance(3_000);
    expect((await second).kind).toBe('sent');
  });
});

describe('a bot', () => {
  it('goes at its own pace over all chats, first come, first served', async () => {
    const limits = { bot: { perSecond: 10, burst: 2 } };
    const { deliver, clock, sent } = startProcessOn(disk(), Array(4).fill(delivered()), limits);
    const intents = [anIntent(), anIntent(), anIntent(), anIntent()];
    const delivering = intents.map((intent) => deliver(intent));
    await Promise.all(delivering.slice(0, 2));
    for (const index of [2, 3]) {
      await clock.whenAsleep();
      clock.advance(100);
      await delivering[index];
    }
    expect(sent.map(({ chat_id: chatId }) => chatId)).toEqual(intents.map(({ chatId }) => chatId));
  });

  it('pauses as a whole where three of its chats are limited, and every process learns it', async () => {
    const pause = limited(5_329_000);
    const { deliver, sent } = startProcessOn(disk(), [pause, pause, pause]);
    for (let count = 0; count < 3; count += 1) {
      expect(await deliver(anIntent())).toMatchObject({ kind: 'failed', failure: { name: 'RATE_LIMITED' } });
    }
    expect(await deliver(anIntent())).toEqual({ kind: 'shed', retryAfterMs: 5_329_000, reason: expect.any(String) });
    expect(sent).toHaveLength(3);
    const [paused] = await store.channels.listPausedBots();
    expect(paused).toMatchObject({ channelId: channel.id });
    expect(paused?.pauseMs).toBeGreaterThan(5_000_000);
    await database.pool.query('update channels set paused_until = null');
  });

  it('whose token is refused is not asked again by those who wait', async () => {
    const { deliver, clock, sent } = startProcessOn(disk(), [delivered(), delivered(), rejected('channel-broken')], {
      chat,
    });
    const intent = anIntent();
    const delivering = [1, 2, 3].map(() => deliver(intent));
    const others = [4, 5].map(() => deliver(intent).catch((cause: unknown) => cause));
    await clock.whenAsleep();
    clock.advance(1_000);
    expect((await Promise.all(delivering)).map(({ kind }) => kind)).toEqual(['sent', 'sent', 'failed']);
    for (const _ of others) {
      await clock.whenAsleep();
      clock.advance(1_000);
    }
    for (const end of await Promise.all(others)) expect(end).toBeInstanceOf(ChannelClosedError);
    expect(sent).toHaveLength(3);
    await store.channels.markActive(channel.id);
  });

  it('whose refusal could not be stored is asked again, so that the next refusal says it', async () => {
    const refusal = rejected('channel-broken');
    const { deliver, sent } = startProcessOn(disk(), [refusal, refusal]);
    await database.pool.query(`alter table channels add constraint unmarkable check (state <> 'broken')`);
    expect((await deliver(anIntent())).kind).toBe('failed');
    await database.pool.query('alter table channels drop constraint unmarkable');
    expect((await deliver(anIntent())).kind).toBe('failed');
    await expect(deliver(anIntent())).rejects.toThrow(ChannelClosedError);
    expect(sent).toHaveLength(2);
    await store.channels.markActive(channel.id);
  });
});
