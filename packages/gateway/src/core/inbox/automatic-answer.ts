import type { ChannelOptions } from '@chatferry/contract';
import type { AutomaticKind } from '../message/content.ts';
import type { InboundEvent } from '../message/inbound.ts';
import { isCustomerSpeech } from './inbound-body.ts';
import { isOfficeOpen } from './office-hours.ts';

/** What the gateway itself answers to an action of a customer. */
export interface AutomaticAnswer {
  readonly kind: AutomaticKind;
  readonly text: string;
  /** A chat gets it at most once in this time. Null if it gets it every time. */
  readonly everyMinutes: number | null;
}

/** An answer to an older message would surprise the customer more than help. */
const ageMaxMs = 3_600_000;

/** Only for private chats. In a group the gateway would answer what people tell each other. */
export function automaticAnswer(
  event: InboundEvent,
  options: Pick<ChannelOptions, 'welcome' | 'out_of_office'>,
  nowMs: number,
): AutomaticAnswer | null {
  const { chat, content, editedAtMs } = event;
  const writtenAtMs = event.happenedAtMs ?? nowMs;
  if (chat.kind !== 'private' || editedAtMs !== null || nowMs - writtenAtMs > ageMaxMs) return null;
  if (content.kind === 'started') {
    return options.welcome === null ? null : { kind: 'welcome', text: options.welcome, everyMinutes: null };
  }
  const { out_of_office: away } = options;
  // A tap answers a question of the bot, and its toast is the answer to it.
  if (away === null || content.kind === 'tap' || !isCustomerSpeech(content)) return null;
  if (isOfficeOpen(away, writtenAtMs) || isOfficeOpen(away, nowMs)) return null;
  return { kind: 'out-of-office', text: away.text, everyMinutes: away.at_most_every_minutes };
}
