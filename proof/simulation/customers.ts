import type { InboundEvent } from '@chatferry/gateway/internal/core/message/inbound';
import type { ChannelRecord } from '@chatferry/gateway/internal/store/channels';
import type { SimulatedUpdate } from './channel-kind.ts';
import type { Cluster } from './cluster.ts';
import type { Telegram } from './telegram.ts';
import { startOfTimeMs, type World } from './world.ts';

/** Something that a customer did, and whether and when the gateway has acknowledged it. */
export interface Utterance {
  readonly text: string;
  readonly channelId: string;
  readonly chatId: string;
  /** When the gateway told Telegram that it has it; null before. In virtual time. */
  acknowledgedAtMs: number | null;
}

export interface Customers {
  readonly utterances: readonly Utterance[];
  /** The customer of a chat writes, or taps. */
  speak(channel: ChannelRecord, chatId: string): void;
}

/** Telegram waits so long for the answer to a webhook, and then delivers again. */
const webhookLimitMs = 60_000;

/** Customers, and the updates that Telegram sends about them: a chat's updates one after the other, each until it is acknowledged. */
export function createCustomers(world: World, cluster: Cluster, telegram: Telegram): Customers {
  const { kernel, dice, profile } = world;
  const utterances: Utterance[] = [];
  const queues = new Map<string, Promise<void>>();
  let updates = 0;
  let messages = 0;

  const deliver = async (channel: ChannelRecord, raw: Buffer): Promise<void> => {
    for (let tries = 0; ; tries += 1) {
      const answered = await cluster.request('update', webhookLimitMs, async ({ engine }) => {
        const open = await engine.directory.channel(channel.id);
        if (!open) throw new Error('the channel is gone');
        await engine.receiveUpdates(open, [raw]);
      });
      const isAgain = answered.kind === 'answered' && world.strikes('update repeated', profile.repeated);
      if (answered.kind === 'answered' && !isAgain) return;
      const waitMs = tries === 0 ? 1 : Math.min(2 ** tries, 60) * 1_000;
      await new Promise<void>((resolve) => {
        kernel.after(waitMs, null, 'update waits', resolve);
      });
    }
  };

  const eventOf = (text: string, chatId: string): InboundEvent => {
    const isTap = dice.chance(0.15);
    const isGroup = chatId.startsWith('-');
    messages += 1;
    return {
      chat: { chatId, kind: isGroup ? 'group' : 'private', title: 'Grace', username: null, topicId: null },
      author: { userId: '7', name: 'Grace', username: null, languageCode: null },
      channelMessageId: isTap ? null : String(1_000_000 + messages),
      happenedAtMs: startOfTimeMs + kernel.nowMs(),
      editedAtMs: null,
      content: isTap ? { kind: 'tap', label: text, data: 'yes' } : { kind: 'text', text },
      answers: null,
    };
  };

  return {
    utterances,
    speak(channel, spokenIn) {
      const chatId = telegram.placeOf(channel.id, spokenIn);
      // Who writes to a bot has let it in.
      telegram.unblock(channel.id, chatId);
      const text = world.newText();
      const utterance: Utterance = { text, channelId: channel.id, chatId, acknowledgedAtMs: null };
      utterances.push(utterance);
      const event = eventOf(text, chatId);
      // The same message under another update_id, as a second server of Telegram's might tell it.
      const copies = event.channelMessageId !== null && dice.chance(0.05) ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        updates += 1;
        const update: SimulatedUpdate = { updateId: String(updates), event };
        const raw = Buffer.from(JSON.stringify(update));
        const name = `${channel.id}:${chatId}`;
        const told = (queues.get(name) ?? Promise.resolve())
          .then(() => deliver(channel, raw))
          .then(() => {
            utterance.acknowledgedAtMs ??= kernel.nowMs();
          });
        world.begin(told);
        queues.set(name, told);
      }
    },
  };
}
