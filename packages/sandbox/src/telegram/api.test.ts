import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Effect } from '../faults.ts';
import { type Rig, startRig } from '../testing/telegram-rig.ts';

let rig: Rig;

beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

const send = () => rig.call('sendMessage', { chat_id: 501, text: 'hello' });

const fault = (effect: Effect, subject?: string) =>
  rig.sandbox.faults.inject({
    provider: 'telegram',
    operation: 'sendMessage',
    ...(subject === undefined ? {} : { subject }),
    times: 1,
    effect,
  });

describe('a Bot API call with a wrong address or token', () => {
  it.each([
    ['/', 404, 'Not Found'],
    ['/hello', 404, 'Not Found'],
    ['/bot012345:abc/getMe', 401, 'Unauthorized: invalid token specified'],
    ['/botabc/getMe', 401, 'Unauthorized: invalid token specified'],
    [`/bot1:${'a'.repeat(80)}/getMe`, 401, 'Unauthorized: invalid token specified'],
    ['/bot12345:short/getMe', 401, 'Unauthorized'],
    [`/bot12345:${'a'.repeat(35)}/getMe`, 401, 'Unauthorized'],
  ])('to %s answers %i', async (path, status, description) => {
    expect((await rig.raw(path)).body).toEqual({ ok: false, error_code: status, description });
    expect((await rig.raw(path)).status).toBe(status);
  });

  it('has another error than a call of an unknown method', async () => {
    expect((await rig.call('sendHologram')).body.description).toBe('Not Found: method not found');
  });

  it('answers 401 for a revoked token', async () => {
    rig.sandbox.telegram.changeBot(rig.bot.id, { revoked: true });
    expect((await send()).body.description).toBe('Unauthorized');
  });
});

describe('a rate limit of the Bot API', () => {
  it('allows the burst and then answers 429 with the seconds to wait', async () => {
    rig.sandbox.telegram.setLimits({ perChat: { perSecond: 0.5, burst: 2 } });
    const statuses = [(await send()).status, (await send()).status];
    const refused = await send();
    expect([...statuses, refused.status, refused.retryAfter]).toEqual([200, 200, 429, '2']);
    expect(refused.body).toEqual({
      ok: false,
      error_code: 429,
      description: 'Too Many Requests: retry after 2',
      parameters: { retry_after: 2 },
    });
    rig.clock.advance(2000);
    expect((await send()).status).toBe(200);
  });
});

describe('a fault of the Bot API', () => {
  it('can discard the answer to a message that was sent', async () => {
    fault({ kind: 'reset-after' });
    await expect(send()).rejects.toThrow();
    expect(rig.sandbox.telegram.sent()).toHaveLength(1);
    expect((await send()).status).toBe(200);
  });

  it('can answer without sending the message', async () => {
    fault({ kind: 'answer-before', answer: { status: 502, body: { ok: false } } });
    expect((await send()).status).toBe(502);
    expect(rig.sandbox.telegram.sent()).toEqual([]);
  });

  it('can cut the answer in the middle', async () => {
    fault({ kind: 'truncate-after' });
    await expect(send()).rejects.toThrow();
    expect(rig.sandbox.telegram.sent()).toHaveLength(1);
  });

  it('can affect one chat only', async () => {
    fault({ kind: 'reset-before' }, '777');
    expect((await send()).status).toBe(200);
  });
});

describe('the feed', () => {
  it('contains no bot token', async () => {
    await send();
    await rig.call('sendMessage', { chat_id: 1, text: 'refused' });
    expect(JSON.stringify(rig.sandbox.feed.since(0))).not.toContain(rig.bot.token);
  });
});
