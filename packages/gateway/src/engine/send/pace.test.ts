import { delivered, limited, rejected, startDeliveryRig } from '@chatferry/testkit/rigs/delivery-rig';
import { describe, expect, it } from 'vitest';

const { anIntent, channel, database, disk, startProcessOn, store } = await startDeliveryRig();

const chat = { perSecond: 1, burst: 2 };

describe('a burst to one chat', () => {
  it('is sent at the pace that Telegram accepts, in order, without delaying other chats', async () => {
    const { deliver, clock, sent } = startProcessOn(disk(), Array(6).fill(delivered()), { chat });
    const intent = anIntent();
    const texts = ['one', 'two', 'three', 'four'];
    const delivering = texts.map((text) => deliver({ ...intent, wire: { chat_id: intent.chatId, text } }));
    expect((await deliver(anIntent())).kind).toBe('sent');
    expect((await Promise.all(delivering.slice(0, 2))).map(({ kind }) => kind)).toEqual(['sent', 'sent']);
    for (const count of [3, 4]) {
      await clock.whenAsleep();
      expect(sent).toHaveLength(count);
      clock.advance(1_000);
      await delivering[count - 1];
    }
    const toChat = sent.filter(({ chat_id: chatId }) => chatId === intent.chatId);
    expect(toChat.map(({ text }) => text)).toEqual(texts);
  });

  it('is refused at once if its slot is too late for its caller, and reserves no slot', async () => {
    const { deliver, clock, sent } = startProcessOn(disk(), Array(4).fill(delivered()), { chat });
    const intent = anIntent();
    const wait = { deadlineMs: clock.monotonicMs() + 2_000 };
    const delivering = [1, 2, 3].map(() => deliver(intent, wait));
    expect(await deliver(intent, wait)).toMatchObject({
      kind: 'not-sent',
      because: 'rate-limited',
      retryAfterMs: 2_000,
    });
    await clock.whenAsleep();
    clock.advance(1_000);
    expect((await Promise.all(delivering)).map(({ kind }) => kind)).toEqual(['sent', 'sent', 'sent']);
    expect(sent).toHaveLength(3);
    const later = deliver(intent);
    await clock.whenAsleep();
    clock.advance(1_000);
    expect((await later).kind).toBe('sent');
  });

  it('is not sent if the caller gives up before its slot', async () => {
    const { deliver, clock, sent } = startProcessOn(disk(), [delivered(), delivered()], { chat });
    const intent = anIntent();
    await deliver(intent);
    await deliver(intent);
    const patience = new AbortController();
    const leaving = deliver(intent, { signal: patience.signal });
    await clock.whenAsleep();
    patience.abort();
    expect(await leaving).toMatchObject({ kind: 'not-sent', because: 'caller-left' });
    expect(sent).toHaveLength(2);
  });
});

describe('a group', () => {
  it('has a limit of its own, besides the limits of chat and bot', async () => {
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
  it('sends at its own pace to all its chats, first come, first served', async () => {
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

  it('pauses as a whole when three of its chats are limited, and the pause is stored for every process', async () => {
    const pause = limited(5_329_000);
    const { deliver, sent } = startProcessOn(disk(), [pause, pause, pause]);
    for (let count = 0; count < 3; count += 1) {
      expect(await deliver(anIntent())).toMatchObject({ kind: 'failed', failure: { name: 'RATE_LIMITED' } });
    }
    expect(await deliver(anIntent())).toEqual({
      kind: 'not-sent',
      because: 'rate-limited',
      retryAfterMs: 5_329_000,
      detail: expect.any(String),
    });
    expect(sent).toHaveLength(3);
    const [paused] = await store.channels.listPausedBots();
    expect(paused).toMatchObject({ channelId: channel.id });
    expect(paused?.pauseMs).toBeGreaterThan(5_000_000);
    await database.pool.query('update channels set paused_until = null');
  });

  it('is not used by sends that wait while its token is refused', async () => {
    const { deliver, clock, sent } = startProcessOn(disk(), [delivered(), delivered(), rejected('channel-broken')], {
      chat,
    });
    const intent = anIntent();
    const delivering = [1, 2, 3].map(() => deliver(intent));
    const others = [4, 5].map(() => deliver(intent));
    await clock.whenAsleep();
    clock.advance(1_000);
    expect((await Promise.all(delivering)).map(({ kind }) => kind)).toEqual(['sent', 'sent', 'failed']);
    for (const _ of others) {
      await clock.whenAsleep();
      clock.advance(1_000);
    }
    for (const end of await Promise.all(others)) {
      expect(end).toMatchObject({ kind: 'not-sent', because: 'channel-closed' });
    }
    expect(sent).toHaveLength(3);
    await store.channels.markActive(channel.id);
  });

  it('is used again if the refusal of its token could not be stored, so that the next refusal stores it', async () => {
    const refusal = rejected('channel-broken');
    const { deliver, sent } = startProcessOn(disk(), [refusal, refusal]);
    await database.pool.query(`alter table channels add constraint unmarkable check (state <> 'broken')`);
    expect((await deliver(anIntent())).kind).toBe('failed');
    await database.pool.query('alter table channels drop constraint unmarkable');
    expect((await deliver(anIntent())).kind).toBe('failed');
    expect(await deliver(anIntent())).toMatchObject({ kind: 'not-sent', because: 'channel-closed' });
    expect(sent).toHaveLength(2);
    await store.channels.markActive(channel.id);
  });
});
