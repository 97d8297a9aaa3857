import type { ChannelOptions } from '@chatferry/contract';
import { isExpired, type TapPolicy, type TappedMessage, tapPolicy, tappedControl } from '../../core/inbox/judge-tap.ts';
import type { Control } from '../../core/message/content.ts';
import type { InboundEvent } from '../../core/message/inbound.ts';
import type { StoreSlice } from '../../store/store.ts';

export type TapStore = StoreSlice<{ readonly taps: 'readTapped' | 'claimFirst' }>;

/** A tap, with the update that brought it. */
export interface TapToJudge {
  readonly channelId: string;
  readonly tap: ChannelOptions['tap'];
  readonly event: InboundEvent;
  /** The provider's id of the update: the same in every try, and in every process. */
  readonly updateId: string;
  readonly receivedAtMs: number;
}

/** Whether a tap counts: whether the backend and the inbox learn of it. */
export type TapVerdict = 'counts' | 'repeated' | 'expired';

export interface JudgedTap {
  readonly verdict: TapVerdict;
  readonly policy: TapPolicy;
  /** Null if the message is not known. */
  readonly message: TappedMessage | null;
  readonly control: Control | null;
}

/**
 * Judges a tap by its message. It is called twice for each tap, when the customer's app waits for the answer and when the update
 * is applied, and gives the same verdict: of several taps the database decides once which one counts.
 */
export async function judgeTap({ taps }: TapStore, tap: TapToJudge): Promise<JudgedTap> {
  const { content, answers, chat } = tap.event;
  const data = content.kind === 'tap' ? content.data : null;
  const tapped = answers?.channelMessageId ?? null;
  const message = tapped === null ? null : await taps.readTapped(tap.channelId, chat.chatId, tapped);
  const control = message === null || data === null ? null : tappedControl(message.content, data);
  const policy = tapPolicy(tap.tap, message?.content ?? null, control);
  return { verdict: await verdictOn({ taps }, tap, policy, message), policy, message, control };
}

async function verdictOn(
  { taps }: TapStore,
  { updateId, receivedAtMs }: TapToJudge,
  policy: TapPolicy,
  message: TappedMessage | null,
): Promise<TapVerdict> {
  if (message === null) return 'counts';
  if (message.firstTap === updateId) return 'counts';
  if (isExpired(policy, message, receivedAtMs)) return 'expired';
  if (message.firstTap !== null) return 'repeated';
  if (!policy.once) return 'counts';
  const first = await taps.claimFirst(message, updateId);
  return first === null || first === updateId ? 'counts' : 'repeated';
}
