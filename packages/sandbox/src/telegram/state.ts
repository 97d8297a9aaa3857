import type { SimulatorContext } from '../simulator.ts';
import type { Journal } from './journal.ts';
import type { Parameters } from './parameters.ts';
import { createLimiter, type Limiter, type RateLimits } from './rate-limit.ts';
import type { Bot, Chat, ChatEntry, Message, SentRecord, User } from './world.ts';

export interface TelegramOptions {
  /** Keeps no transcript and publishes no feed: the far end of a benchmark. Default false. */
  readonly lean?: boolean;
  /** How long every answer but that of `getUpdates` is held back. Default 0. */
  readonly latencyMs?: number;
  /** Lets webhooks point to this machine over plain HTTP and on any port. Default true. */
  readonly allowLoopbackWebhooks?: boolean;
  /** Behaves as a self-hosted server with `--local`: HTTP, any port and any address for webhooks. Default false. */
  readonly localMode?: boolean;
  /** Telegram: one `setWebhook` per second and bot. Default false. */
  readonly limitSetWebhook?: boolean;
  readonly limits?: RateLimits;
  /** Every accepted message is appended to this file, and flushed, before it is answered. */
  readonly journalPath?: string;
  /** How long a callback or inline query can be answered. Telegram names no figure; default 15 000. */
  readonly queryAnswerMs?: number;
}

/** Everything that the parts of the simulated Telegram share. */
export interface TelegramState {
  readonly context: SimulatorContext;
  readonly options: TelegramOptions;
  readonly lean: boolean;
  latencyMs: number;
  readonly limiter: Limiter;
  readonly journal: Journal | undefined;
  readonly botsById: Map<number, Bot>;
  readonly users: Map<number, User>;
  readonly sent: SentRecord[];
  /** Counts up for query and file ids and for users that were given no id. */
  nextSerial(): number;
  nowS(): number;
  publish(name: string, data: Readonly<Record<string, unknown>>): void;
  /** Runs the method that the answer of a bot's webhook named; nobody is told the result. */
  readonly runWebhookReply: WebhookReply;
}

export type WebhookReply = (bot: Bot, method: string, parameters: Parameters) => void;

export function createState(
  context: SimulatorContext,
  options: TelegramOptions,
  journal: Journal | undefined,
  runWebhookReply: WebhookReply,
): TelegramState {
  let serial = 0;
  const lean = options.lean ?? false;
  return {
    context,
    options,
    lean,
    latencyMs: options.latencyMs ?? 0,
    limiter: createLimiter(context.clock, options.limits ?? {}),
    journal,
    botsById: new Map(),
    users: new Map(),
    sent: [],
    runWebhookReply,
    nextSerial: () => {
      serial += 1;
      return serial;
    },
    nowS: () => Math.floor(context.clock.nowMs() / 1000),
    publish: lean
      ? () => undefined
      : (name, data) => {
          context.feed.publish('telegram', name, data);
        },
  };
}

/** Puts a message into the chat as both sides see it. */
export function addEntry(state: TelegramState, chat: Chat, entry: ChatEntry): void {
  if (state.lean) return;
  chat.entries.push(entry);
}

/** A message as Telegram nests it into another: without what it answers itself. */
export function withoutReply(message: Message): Message {
  const { reply_to_message: _, ...rest } = message;
  return rest;
}
