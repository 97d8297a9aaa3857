import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Rig, startRig } from '../testing/telegram-rig.ts';

let rig: Rig;

beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

const say = (text: string) => rig.sandbox.telegram.text(rig.at, { text });

const poll = async (parameters: Readonly<Record<string, unknown>> = {}) => {
  rig.clock.advance(5000);
  return (await rig.call('getUpdates', parameters)).body;
};

const textsOf = (body: { readonly result?: unknown }) =>
  (body.result as readonly { readonly message: { readonly text: string } }[]).map(({ message }) => message.text);

/** Sends a long poll; resolves when the server holds it, with its answer to come. */
const hold = async (parameters: Readonly<Record<string, unknown>> = {}) => {
  const from = rig.sandbox.feed.since(0).length;
  const answer = rig.call('getUpdates', { timeout: 50, ...parameters });
  await rig.sandbox.feed.waitFor(({ sequence, name }) => sequence > from && name === 'poll.held');
  return { answer };
};

const confirmAll = () => poll({ offset: (rig.sandbox.telegram.text(rig.at, { text: 'x' }).update_id ?? 0) + 1 });

describe('getUpdates', () => {
  it('returns the same updates until an offset confirms them', async () => {
    say('one');
    say('two');
    const first = await poll();
    expect(textsOf(first)).toEqual(['/start', 'one', 'two']);
    expect(textsOf(await poll())).toEqual(['/start', 'one', 'two']);
    const next = first.result[1].update_id;
    expect(textsOf(await poll({ offset: next }))).toEqual(['one', 'two']);
    expect(textsOf(await poll({ offset: next + 2 }))).toEqual([]);
    expect(textsOf(await poll())).toEqual([]);
  });

  it('counts a negative offset from the end and drops the older updates', async () => {
    say('one');
    say('two');
    expect(textsOf(await poll({ offset: -1 }))).toEqual(['two']);
    expect(textsOf(await poll())).toEqual(['two']);
  });

  it('begins at the oldest update when the offset is far ahead', async () => {
    expect(textsOf(await poll({ offset: 2_000_000_000 }))).toEqual(['/start']);
  });

  it('numbers updates consecutively, and starts at a random id after a week without updates', async () => {
    const one = say('one').update_id ?? 0;
    expect(say('two').update_id).toBe(one + 1);
    rig.clock.advance(8 * 86_400_000);
    expect((await poll()).result).toEqual([]);
    expect(say('three').update_id).not.toBe(one + 2);
  });

  it('returns at most one update when it is repeated within half a second', async () => {
    say('one');
    await poll({ offset: 1 });
    const { body } = await rig.call('getUpdates', { offset: 1 });
    expect(body.result).toHaveLength(1);
  });

  it('returns an update again when its confirmation was lost', async () => {
    const { update_id = 0 } = say('one');
    await poll({ offset: update_id + 1 });
    rig.sandbox.telegram.duplicateLastUpdate(rig.at);
    expect(textsOf(await poll({ offset: update_id + 1 }))).toEqual(['one']);
    expect(textsOf(await poll({ offset: update_id + 1 }))).toEqual([]);
  });

  it('returns no updates of kinds that are not allowed', async () => {
    await poll({ allowed_updates: ['callback_query'] });
    say('unheard');
    expect(textsOf(await poll())).toEqual(['/start']);
  });

  it('drops messages after 24 hours', async () => {
    rig.clock.advance(86_400_001);
    expect((await poll()).result).toEqual([]);
    expect(rig.sandbox.feed.since(0).map(({ name }) => name)).toContain('update.expired');
  });
});

describe('a long poll', () => {
  beforeEach(confirmAll);

  it('is answered by the next update', async () => {
    const { answer } = await hold();
    say('at last');
    expect(textsOf((await answer).body)).toEqual(['at last']);
  });

  it('is answered with no update after 50 seconds, even if its timeout is longer', async () => {
    const { answer } = await hold({ timeout: 3600 });
    rig.clock.advance(50_000);
    expect((await answer).body.result).toEqual([]);
  });

  it('ends when another long poll begins', async () => {
    const first = await hold();
    const second = await hold({ offset: 7 });
    const { status, body } = await first.answer;
    expect([status, body.description]).toEqual([
      409,
      'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
    ]);
    say('for the second');
    expect(textsOf((await second.answer).body)).toEqual(['for the second']);
  });

  it('ends when a webhook is set, and is refused while the webhook is set', async () => {
    const { answer } = await hold();
    await rig.call('setWebhook', { url: 'http://127.0.0.1:1/' });
    expect((await answer).body.description).toBe('Conflict: terminated by setWebhook request');
    rig.clock.advance(3000);
    const { status, body } = await rig.call('getUpdates');
    expect([status, body.description]).toEqual([
      409,
      "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    ]);
  });
});
