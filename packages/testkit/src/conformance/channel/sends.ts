import type { TelegramInteractiveMessage } from '@chatferry/contract';
import { expect, it } from 'vitest';
import type { Around, Trouble } from './scene.ts';
import { deadCredential, hello, limitMs, sendTo } from './steps.ts';

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

export function sendsWhatArrives(around: Around): void {
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

export function sendsWhatIsRefused(around: Around): void {
  const rejected = (reason: string, why: string): object => ({
    kind: 'rejected',
    reason,
    why,
    providerCode: expect.any(Number),
    detail: expect.any(String),
  });

  it('to an unknown chat is rejected: recipient-unknown', async () => {
    const { nobodyId, strangerId } = around.scene();
    expect(await sendTo(around, nobodyId)).toEqual(rejected('recipient-unknown', 'not_started'));
    expect(await sendTo(around, strangerId)).toEqual(rejected('recipient-unknown', 'not_started'));
  });

  it('to a customer who blocked the bot is rejected: recipient-gone', async () => {
    around.scene().blocks();
    expect(await sendTo(around, around.scene().chatId)).toEqual(rejected('recipient-gone', 'blocked'));
    expect(around.scene().seen()).toEqual([]);
  });

  it('that the provider refuses is rejected: refused', async () => {
    const { kind, chatId, seen } = around.scene();
    const { wire } = kind.encode(chatId, { ...hello, text: 'x'.repeat(20_000) });
    expect(await around.channel().send(wire, limitMs)).toEqual(rejected('refused', 'too_large'));
    expect(seen()).toEqual([]);
  });

  it('with a refused credential is rejected: channel-broken', async () => {
    around.scene().revoke();
    expect(await sendTo(around, around.scene().chatId)).toEqual(rejected('channel-broken', 'refused'));
  });
}

export function sendsInTrouble(around: Around): void {
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
    const { kind, credential, chatId } = around.scene();
    const dead = kind.open(deadCredential(around.scene()));
    const outcome = await dead.send(kind.encode(chatId, hello).wire, limitMs);
    expect(outcome).toEqual({ kind: 'deferred', because: 'not-written', detail: expect.any(String) });
    expect(JSON.stringify(outcome)).not.toContain(credential.token.revealFor(credential.apiRoot));
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
    expect(JSON.stringify(outcome)).not.toContain(credential.token.revealFor(credential.apiRoot));
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
