import { setTimeout as sleep } from 'node:timers/promises';
import type { CallerAnswer } from '../judge/records.ts';
import { type Token, tokenOf } from '../judge/token.ts';

export interface CallerOptions {
  readonly gatewayUrl: string;
  readonly key: string;
  readonly chatId: number;
  /** The caller ends after the message in hand once it is aborted. */
  readonly signal: AbortSignal;
  /** Resolves when the caller may say the next thing. */
  readonly turn: () => Promise<void>;
  /** `askedAtMs`: when it began to ask. */
  readonly onAnswer: (told: CallerAnswer, askedAtMs: number) => void;
}

const retryMs = 50;
/** Real Telegram would limit a bot much earlier. */
const paceMs = 100;

/**
 * A company's backend that talks to one chat, a message after the other, and keeps to the documented rules: what is answered
 * 429 or 503 was not sent and is sent again, with an Idempotency-Key also what got no answer; what is unknown is left alone.
 * Every second message has a key.
 */
export async function runCaller({ gatewayUrl, key, chatId, signal, turn, onAnswer }: CallerOptions): Promise<void> {
  for (let number = 0; !signal.aborted; number += 1) {
    await turn();
    const token = tokenOf('backend', chatId, number);
    const askedAtMs = Date.now();
    onAnswer(await sayOnce({ gatewayUrl, key, token, idempotent: number % 2 === 0 }), askedAtMs);
    await sleep(paceMs);
  }
}

interface Saying {
  readonly gatewayUrl: string;
  readonly key: string;
  readonly token: Token;
  readonly idempotent: boolean;
}

/** Sends one message and repeats the request until the answer is final. */
export async function sayOnce(saying: Saying): Promise<CallerAnswer> {
  const { token, idempotent } = saying;
  const told = (answer: CallerAnswer['answer'], messageId: number | null = null): CallerAnswer => ({
    token,
    answer,
    messageId,
  });
  for (;;) {
    const answer = await post(saying);
    if (answer.kind === 'refused-connection') await sleep(retryMs);
    else if (answer.kind === 'broken') {
      if (!idempotent) return told('cut');
      await sleep(retryMs);
    } else if (answer.status === 201) return told('sent', Number(answer.body.channel_message_id?.replace(/^tg-/, '')));
    else if (answer.status === 504) return told('unknown');
    else if ([409, 429, 503].includes(answer.status)) await sleep(retryMs);
    else return told('failed');
  }
}

interface SendAnswer {
  readonly channel_message_id?: string;
}

type Answer =
  | { readonly kind: 'answer'; readonly status: number; readonly body: SendAnswer }
  /** No process listens: nothing was sent. */
  | { readonly kind: 'refused-connection' }
  /** The connection broke: it is unknown whether anything was sent. */
  | { readonly kind: 'broken' };

async function post({ gatewayUrl, key, token, idempotent }: Saying): Promise<Answer> {
  try {
    const response = await fetch(`${gatewayUrl}/api/v1/telegram/interactive`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-octopods-auth': key,
        ...(idempotent ? { 'idempotency-key': token.text } : {}),
      },
      body: JSON.stringify({
        destination_user_id: String(token.chatId),
        telegram_interactive_message: {
          type: 'reply_buttons',
          text: `Your order ${token.text} has shipped.`,
          reply_markup: { inline_keyboard: [[{ text: 'Track order', url: 'https://example.com/track' }]] },
        },
      }),
    });
    return { kind: 'answer', status: response.status, body: (await response.json()) as SendAnswer };
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const { code } = (cause.cause ?? {}) as { readonly code?: string };
    return { kind: code === 'ECONNREFUSED' ? 'refused-connection' : 'broken' };
  }
}
