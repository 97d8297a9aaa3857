import { delivered, idOf, limited, notWritten, rejected, startDeliveryRig } from '@chatferry/testkit/rigs/delivery-rig';
import { describe, expect, it } from 'vitest';
import { type Amendment, readAmended } from '../../core/delivery/amendment.ts';
import type { SendOutcome } from '../../core/delivery/outcome.ts';

const { anIntent, channel, database, isFree, message, startProcess, store } = await startDeliveryRig();
const { pool } = database;

const outcomes = (seen: Awaited<ReturnType<typeof message>>) => seen?.attempts.map(({ outcome }) => outcome);

describe('a delivery', () => {
  it('is sent, stored and queued for the inbox, and its id is known before it is sent', async () => {
    const seen: string[] = [];
    const { deliver, results } = startProcess(() => {
      seen.push('sent');
      return delivered('7');
    });
    const intent = anIntent();
    const delivery = await deliver(intent, { onTaken: (id) => seen.push(`taken ${id}`) });
    expect(delivery).toEqual({ kind: 'sent', messageId: expect.any(Number), channelMessageId: '7', amended: [] });
    expect(seen).toEqual([`taken ${idOf(delivery)}`, 'sent']);
    expect(await message(delivery)).toMatchObject({ state: 'sent', mirror: { state: 'pending' } });
    expect([results(), await isFree(intent)]).toEqual([1, true]);
  });

  it('is never repeated if its outcome is unknown', async () => {
    const { deliver, sent } = startProcess({ kind: 'uncertain', detail: 'reset' });
    const intent = anIntent();
    const delivery = await deliver(intent);
    expect(delivery).toMatchObject({ kind: 'unknown', failure: { name: 'OUTCOME_UNKNOWN', reason: 'reset' } });
    expect(await message(delivery)).toMatchObject({ state: 'unknown', attempts: [{ outcome: 'uncertain' }] });
    expect([sent.length, await isFree(intent)]).toEqual([1, true]);
  });

  it('is tried again if nothing was written to the connection', async () => {
    const { deliver, sleepThrough } = startProcess(notWritten, delivered());
    const delivering = deliver(anIntent());
    await sleepThrough(300);
    const delivery = await delivering;
    expect(delivery.kind).toBe('sent');
    expect(outcomes(await message(delivery))).toEqual(['deferred', 'delivered']);
  });

  it('is given up after three attempts that wrote nothing, and the chat can be sent to again', async () => {
    const { deliver, sleepThrough } = startProcess(notWritten, notWritten, notWritten, delivered());
    const intent = anIntent();
    const delivering = deliver(intent);
    await sleepThrough(300);
    await sleepThrough(300);
    const delivery = await delivering;
    expect(delivery).toMatchObject({ kind: 'failed', failure: { name: 'UNAVAILABLE', retryAfterMs: 5_000 } });
    expect(await message(delivery)).toMatchObject({ state: 'failed', failure: { name: 'UNAVAILABLE' } });
    expect(outcomes(await message(delivery))).toEqual(['deferred', 'deferred', 'deferred']);
    expect((await deliver(intent)).kind).toBe('sent');
  });
});

describe('a message with a part that is refused', () => {
  const refused = (amendment: Amendment, detail: string): SendOutcome => ({
    kind: 'deferred',
    because: 'amendable',
    amendment,
    providerCode: 400,
    detail,
  });
  const topicGone = refused('without-topic', 'message thread not found');

  it('is sent once without it, and the record says what was left out and why', async () => {
    const refusedFile = refused('as-document', 'forbidden');
    const { deliver, sent, sleepThrough } = startProcess(topicGone, refusedFile, delivered('7'));
    const delivering = deliver({ ...anIntent(), origin: 'agent' });
    await sleepThrough(0);
    await sleepThrough(0);
    const delivery = await delivering;
    const amended = [
      { amendment: 'without-topic', reason: 'message thread not found' },
      { amendment: 'as-document', reason: 'forbidden' },
    ];
    expect(delivery).toMatchObject({ kind: 'sent', amended });
    const stored = await message(delivery);
    expect(stored?.attempts.map(({ detail }) => readAmended(detail))).toEqual([...amended, null]);
    expect(outcomes(stored)).toEqual(['deferred', 'deferred', 'delivered']);
    expect(sent.map(({ amended: part }) => part)).toEqual([undefined, 'without-topic', 'as-document']);
  });

  it('fails if a caller of the API sends it, who gets what was asked for or an error', async () => {
    const { deliver, sent } = startProcess(topicGone);
    const delivery = await deliver({ ...anIntent(), origin: 'api' });
    const failure = { name: 'TELEGRAM_REJECTED', reason: 'message thread not found', providerCode: 400 };
    expect(delivery).toMatchObject({ kind: 'failed', failure });
    expect(sent).toHaveLength(1);
  });
});

describe('a pause that Telegram asks for', () => {
  it('is waited out if it is short, while other chats are sent to', async () => {
    const { deliver, clock, sent, sleepThrough } = startProcess(
      limited(4_000),
      delivered('9'),
      delivered('1'),
      delivered('2'),
    );
    const intent = anIntent();
    const first = deliver(intent);
    await clock.whenAsleep();
    const second = deliver(intent);
    expect(await deliver(anIntent())).toMatchObject({ kind: 'sent', channelMessageId: '9' });
    expect(sent).toHaveLength(2);
    await sleepThrough(4_000);
    expect(await first).toMatchObject({ kind: 'sent', channelMessageId: '1' });
    expect(await second).toMatchObject({ kind: 'sent', channelMessageId: '2' });
  });

  it('is stored if it is long, so that the next send to the chat does not ask Telegram', async () => {
    const { deliver, sent } = startProcess(limited(60_000));
    const intent = anIntent();
    const first = await deliver(intent);
    expect(first).toMatchObject({ kind: 'failed', failure: { name: 'RATE_LIMITED', retryAfterMs: 60_000 } });
    const second = await deliver(intent);
    expect(second.kind === 'not-sent' && second.because === 'rate-limited' && second.retryAfterMs).toBeGreaterThan(
      55_000,
    );
    expect([sent.length, await isFree(intent)]).toEqual([1, true]);
  });

  it('is not waited out for a caller who leaves before its end', async () => {
    const { deliver, clock } = startProcess(limited(4_000));
    const delivery = await deliver(anIntent(), { deadlineMs: clock.monotonicMs() + 3_000 });
    expect(delivery).toMatchObject({ kind: 'failed', failure: { name: 'RATE_LIMITED' } });
  });

  it('ends the delivery after three attempts if no caller waits', async () => {
    const { deliver, sleepThrough } = startProcess(limited(1_000), limited(1_000), limited(1_000));
    const delivering = deliver(anIntent(), { deadlineMs: null });
    await sleepThrough(1_000);
    await sleepThrough(1_000);
    expect(await delivering).toMatchObject({ kind: 'failed', failure: { name: 'RATE_LIMITED' } });
  });
});

describe('a chat that moved', () => {
  const moved = (newChatId: string): SendOutcome => ({
    kind: 'deferred',
    because: 'migrated',
    newChatId,
    detail: 'moved',
  });

  it('gets the message once at its new address, and later messages at once', async () => {
    const { deliver, sent, sleepThrough } = startProcess(moved('-100777'), delivered(), delivered());
    const intent = anIntent();
    const delivering = deliver(intent);
    await sleepThrough(0);
    expect((await delivering).kind).toBe('sent');
    expect((await deliver(intent)).kind).toBe('sent');
    expect(sent.map((wire) => wire['chat_id'])).toEqual([intent.chatId, '-100777', '-100777']);
  });

  it('can be sent to if its new address is known and a message still has the old one', async () => {
    const { deliver, sent, sleepThrough } = startProcess(moved('-100777'), delivered(), delivered());
    const intent = { ...anIntent(), chatId: '-100777' };
    const delivering = deliver(intent);
    await sleepThrough(0);
    expect((await delivering).kind).toBe('sent');
    expect((await deliver(intent)).kind).toBe('sent');
    expect(sent).toHaveLength(3);
  });

  it('is not followed more than three times', async () => {
    const { deliver, sleepThrough } = startProcess(moved('-1'), moved('-2'), moved('-3'));
    const delivering = deliver(anIntent());
    await sleepThrough(0);
    await sleepThrough(0);
    expect(await delivering).toMatchObject({ kind: 'failed', failure: { name: 'UNAVAILABLE' } });
  });
});

describe('a refusal', () => {
  it('marks a chat that is gone and a bot whose token is refused', async () => {
    const { deliver } = startProcess(
      rejected('recipient-gone'),
      rejected('recipient-unknown'),
      rejected('channel-broken'),
    );
    const gone = anIntent();
    expect(await deliver(gone)).toMatchObject({ kind: 'failed', failure: { name: 'TELEGRAM_REJECTED' } });
    const { rows } = await pool.query('select blocked_at from chats where chat_id = $1', [gone.chatId]);
    expect(rows[0].blocked_at).not.toBeNull();
    expect(await deliver(anIntent())).toMatchObject({ kind: 'failed', failure: { name: 'USER_NOT_FOUND' } });
    await deliver(anIntent());
    expect(await store.channels.read(channel.id)).toMatchObject({ state: 'broken', problem: 'Forbidden' });
  });

  it('is reported to the caller even if it cannot be recorded', async () => {
    const intent = anIntent();
    const { deliver } = startProcess(async () => {
      await pool.query(`alter table chats add constraint refused check (chat_id <> ${intent.chatId})`);
      return rejected('recipient-gone');
    });
    const delivery = await deliver(intent);
    await pool.query('alter table chats drop constraint refused');
    expect(delivery).toMatchObject({ kind: 'failed', failure: { name: 'TELEGRAM_REJECTED', providerCode: 403 } });
    expect((await message(delivery))?.state).toBe('failed');
  });
});

describe('a caller who leaves', () => {
  it('does not stop a message that is on the wire: its late result counts', async () => {
    let answer: (outcome: SendOutcome) => void = () => undefined;
    const { deliver, clock } = startProcess(() => new Promise((resolve) => (answer = resolve)));
    const patience = new AbortController();
    let messageId = -1;
    const taken = new Promise<void>((resolve) => {
      void deliver(anIntent(), {
        signal: patience.signal,
        onTaken: (id) => {
          messageId = id;
          resolve();
        },
      }).then((delivery) => expect(delivery.kind).toBe('sent'));
    });
    await taken;
    patience.abort();
    clock.advance(40_000);
    expect((await message(messageId))?.state).toBe('sending');
    answer(delivered());
    for (let looks = 0; (await message(messageId))?.state === 'sending' && looks < 1_000; looks += 1);
    expect((await message(messageId))?.state).toBe('sent');
  });

  it('leaves the queue, and nothing is stored', async () => {
    const { deliver, clock, sent } = startProcess(limited(4_000), delivered());
    const intent = anIntent();
    const first = deliver(intent);
    await clock.whenAsleep();
    const patience = new AbortController();
    const second = deliver(intent, { signal: patience.signal });
    patience.abort();
    expect(await second).toMatchObject({ kind: 'not-sent', because: 'caller-left' });
    clock.advance(4_000);
    await first;
    expect(sent).toHaveLength(2);
    expect((await pool.query('select 1 from messages where chat_id = $1', [intent.chatId])).rowCount).toBe(1);
  });

  it('gets a failure and no message if the intent was stored too late', async () => {
    const { deliver, sent } = startProcess();
    const intent = anIntent();
    const delivery = await deliver(intent, { signal: AbortSignal.abort() });
    expect(delivery).toMatchObject({ kind: 'failed', failure: { name: 'UNAVAILABLE' } });
    expect((await message(delivery))?.state).toBe('failed');
    expect([sent.length, await isFree(intent)]).toEqual([0, true]);
  });
});
