import type { SimulatorContext } from '../simulator.ts';
import type { Journal } from './journal.ts';
import type { Parameters } from './parameters.ts';
import { createLimiter, type Limiter, type RateLimits } from './rate-limit.ts';
import type { Bot, CallRecord, Chat, ChatEntry, Message, SentRecord, User } from './world.ts';

export interface TelegramOptions {
  /** True: stores no transcripts and publishes no feed, for benchmarks. Default: false. */
  readonly lean?: boolean;
  /** The delay of every answer except that of `getUpdates`, in milliseconds. Default: 0. */
  readonly latencyMs?: number;
  /** Whether webhooks can use plain HTTP and any port of the loopback address. Default: true. */
  readonly allowLoopbackWebhooks?: boolean;
  /**
   * True: behaves like a self-hosted server with `--local`: webhooks can use HTTP, any port and any address. Default:
   * false.
   */
  readonly localMode?: boolean;
  /** Telegram: one `setWebhook` per second and bot. Default: no limit. */
  readonly limitSetWebhook?: boolean;
  readonly limits?: RateLimits;
  /** Every accepted message is appended to this file and flushed before the call is answered. */
  readonly journalPath?: string;
  /**
   * How long a callback or inline query can be answered, in milliseconds. Telegram documents no limit. Default: 15 000.
   */
  readonly queryAnswerMs?: number;
  /** How much is remembered; the oldest is forgotten. Default: everything. */
  readonly memory?: MemoryLimits;
}

/** What a simulation may keep that runs for as long as the program that it is a part of. */
export interface MemoryLimits {
  readonly chatsPerBot: number;
  readonly messagesPerChat: number;
  /** The bytes of all files of one bot. */
  readonly fileBytesPerBot: number;
}

/** The state that all parts of the simulated Telegram share. */
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
  /** The newest calls of the Bot API. */
  readonly calls: CallRecord[];
  /** The next number for ids of queries, files and users. */
  nextSerial(): number;
  nowS(): number;
  publish(name: string, data: Readonly<Record<string, unknown>>): void;
  /** Runs a method from the answer of a bot's webhook. The bot does not receive the result. */
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
    calls: [],
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

/** Adds a message to the transcript of the chat. */
export function addEntry(state: TelegramState, chat: Chat, entry: ChatEntry): void {
  if (state.lean) return;
  chat.entries.push(entry);
  const { memory } = state.options;
  if (memory === undefined) return;
  chat.entries.splice(0, chat.entries.length - memory.messagesPerChat);
  chat.taps.splice(0, chat.taps.length - memory.messagesPerChat);
}

/** A message as Telegram nests it in another message: without its own `reply_to_message`. */
export function withoutReply(message: Message): Message {
  const { reply_to_message: _, ...rest } = message;
  return rest;
}
