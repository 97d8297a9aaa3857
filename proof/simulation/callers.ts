import type { SendInteractive, Sent } from '@chatferry/contract';
import { ApiError } from '@chatferry/gateway/internal/operations/api-error';
import type { ChannelRecord } from '@chatferry/gateway/internal/store/channels';
import type { Cluster } from './cluster.ts';
import { contextOf } from './replica.ts';
import type { World } from './world.ts';

/** One message that a backend wants to send, and the answers that it got. */
export interface Order {
  readonly text: string;
  readonly channel: ChannelRecord;
  readonly chatId: string;
  readonly idempotencyKey: string | null;
  readonly answers: OrderAnswer[];
}

export type OrderAnswer =
  | { readonly kind: 'sent'; readonly body: Sent }
  | { readonly kind: 'refused'; readonly error: ApiError['error']; readonly messageId: number | null }
  | { readonly kind: 'cut' };

export interface Callers {
  readonly orders: readonly Order[];
  /** Places an order to a chat, and sees it through. */
  order(channel: ChannelRecord, chatId: string): void;
}

const callerLimitMs = 40_000;
/** After these nothing was sent, and the same request may simply be made again. */
const unsent: ReadonlySet<ApiError['error']> = new Set(['UNAVAILABLE', 'RATE_LIMITED', 'IDEMPOTENCY_CONFLICT']);

/** Backends: some with an Idempotency-Key, which ask again until they know, some without. */
export function createCallers(world: World, cluster: Cluster): Callers {
  const { kernel, dice } = world;
  const orders: Order[] = [];
  let requests = 0;

  const ask = async (order: Order): Promise<OrderAnswer> => {
    requests += 1;
    const requestId = `00000000-0000-4000-8000-${String(requests).padStart(12, '0')}`;
    const { text, chatId, channel, idempotencyKey } = order;
    const body = {
      destination_user_id: chatId,
      telegram_interactive_message: { type: 'remove_reply_keyboard', text, reply_markup: { remove_keyboard: true } },
    } as unknown as SendInteractive;
    const context = contextOf({ requestId, channel, idempotencyKey, markReplayed: () => undefined });
    const answered = await cluster.request('send', callerLimitMs, (replica) => replica.send(context, { body }));
    const answer = toAnswer(world, answered);
    order.answers.push(answer);
    kernel.note('answer', () => `${text} ${answer.kind === 'refused' ? answer.error : answer.kind}`);
    return answer;
  };

  const isSettled = (answer: OrderAnswer): boolean =>
    answer.kind === 'sent' || (answer.kind === 'refused' && !unsent.has(answer.error));

  const seeThrough = async (order: Order): Promise<void> => {
    for (let tries = 1; ; tries += 1) {
      const answer = await ask(order);
      if (order.idempotencyKey === null || tries === 6) return;
      // Now and then a caller with an answer asks again, as a client that lost its memory does.
      if (isSettled(answer) && !dice.chance(0.15)) return;
      await new Promise<void>((resolve) => {
        kernel.after(dice.between(50, 400) * 3 ** Math.min(tries, 5), null, 'asks again', resolve);
      });
    }
  };

  return {
    orders,
    order(channel, chatId) {
      const text = world.newText();
      const idempotencyKey = dice.chance(0.6) ? `key-${text}` : null;
      const order: Order = { text, channel, chatId, idempotencyKey, answers: [] };
      orders.push(order);
      // With a key, the same request may come twice at once: a retry storm.
      const copies = idempotencyKey !== null && dice.chance(0.15) ? dice.whole(2, 3) : 1;
      for (let copy = 0; copy < copies; copy += 1) world.begin(seeThrough(order));
    },
  };
}

function toAnswer(world: World, answered: Awaited<ReturnType<Cluster['request']>>): OrderAnswer {
  switch (answered.kind) {
    case 'cut':
      return { kind: 'cut' };
    case 'answered':
      return { kind: 'sent', body: answered.value as Sent };
    case 'threw': {
      const { cause } = answered;
      if (cause instanceof ApiError)
        return { kind: 'refused', error: cause.error, messageId: cause.parts.messageId ?? null };
      // The HTTP layer answers 503 when the store is away, and 500 otherwise.
      const isInjected = cause instanceof Error && cause.name === 'InjectedFault';
      if (!isInjected) world.violations.push(`a send threw: ${cause instanceof Error ? cause.stack : String(cause)}`);
      return { kind: 'refused', error: 'UNAVAILABLE', messageId: null };
    }
  }
}
