import { createHash } from 'node:crypto';
import { channelAdapter } from '@chatferry/gateway/internal/adapters/registry';
import type { InboundEvent } from '@chatferry/gateway/internal/core/message/inbound';
import type { Channel } from '@chatferry/gateway/internal/ports/channel';
import type { ChannelKind } from '@chatferry/gateway/internal/ports/channel-kind';

/** An update of this world's Telegram, as the body of a webhook has it. */
export interface SimulatedUpdate {
  readonly updateId: string;
  readonly event: InboundEvent;
}

const notNeeded = (): never => {
  throw new Error('the simulation does not do this');
};

/** Messages and updates in this world's own plain form: what Telegram's look like is the adapters' business. */
export const simulatedChannelKind: ChannelKind = {
  ...channelAdapter.facts,
  encode: (chatId, { text }) => ({
    wire: { chatId, text },
    content: { text, controls: { kind: 'none' } },
  }),
  encodeReply: ({ chatId }, { body }) => [
    {
      wire: { chatId, text: body.text },
      content: { text: body.text, controls: { kind: 'none' } },
      activity: null,
    },
  ],
  amend: (wire) => wire,
  traceOf: () => null,
  fingerprintOf: () => null,
  readdress: (wire, chatId) => ({ ...wire, chatId }),
  decode(raw) {
    const { event } = JSON.parse(raw.toString('utf8')) as SimulatedUpdate;
    return { kind: 'event', event, tapId: event.content.kind === 'tap' ? event.content.data : null };
  },
  buttonsAfterTap: () => null,
  identify(raw) {
    const { updateId, event } = JSON.parse(raw.toString('utf8')) as SimulatedUpdate;
    const { kind } = event.content;
    return { updateId, chatId: event.chat.chatId, kindOfUpdate: kind, isAwaited: kind === 'tap' };
  },
  verify: () => true,
  open: notNeeded,
};

/** A bot that only matters for sending; all its other calls succeed. */
export const botThatSends = ({ send, describe }: Pick<Channel, 'send' | 'describe'>): Channel => ({
  send,
  describe,
  showActivity: async () => ({ kind: 'ok', value: true }),
  answerTap: async () => ({ kind: 'ok', value: true }),
  editButtons: async () => ({ kind: 'ok', value: true }),
  change: async () => ({ kind: 'done' }),
  answerInlineQuery: async () => ({ kind: 'ok', value: true }),
  download: notNeeded,
  reachFiles: notNeeded,
  registerWebhook: notNeeded,
  removeWebhook: notNeeded,
  webhookStatus: notNeeded,
  poll: notNeeded,
});

export const hashOf = (text: string): string => createHash('sha1').update(text).digest('hex');
