import { createSandbox, type Sandbox } from '../sandbox.ts';
import type { At } from '../telegram/control.ts';
import type { BotSummary, NewBot } from '../telegram/directory.ts';
import type { TelegramOptions } from '../telegram/state.ts';
import { createVirtualClock, type VirtualClock } from '../virtual-clock.ts';

/** What the Bot API answered. */
export interface Answered {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: {
    readonly ok: boolean;
    // biome-ignore lint/suspicious/noExplicitAny: tests look into results of every method
    readonly result?: any;
    readonly error_code?: number;
    readonly description?: string;
    readonly parameters?: Readonly<Record<string, number>>;
  };
}

/** A sandbox over real HTTP with a bot and a customer who has pressed Start, for tests. */
export interface Rig {
  readonly sandbox: Sandbox;
  readonly clock: VirtualClock;
  readonly bot: BotSummary;
  readonly at: At;
  call(method: string, parameters?: Readonly<Record<string, unknown>>): Promise<Answered>;
  /** A call with a body as given. */
  raw(path: string, init?: RequestInit): Promise<Answered>;
  close(): Promise<void>;
}

export async function startRig(options: { telegram?: TelegramOptions; bot?: NewBot } = {}): Promise<Rig> {
  const clock = createVirtualClock();
  const sandbox = createSandbox({
    clock,
    random: () => 0.5,
    ...(options.telegram ? { telegram: options.telegram } : {}),
  });
  const url = await sandbox.listen();
  const bot = sandbox.telegram.createBot({ username: 'acme_bot', ...options.bot });
  const { chat_id } = sandbox.telegram.createChat({ bot_id: bot.id, user: { id: 501, first_name: 'Ana' } });
  const raw = async (path: string, init: RequestInit = {}): Promise<Answered> => {
    const answer = await fetch(`${url}/telegram${path}`, init);
    return {
      status: answer.status,
      retryAfter: answer.headers.get('retry-after'),
      body: (await answer.json()) as Answered['body'],
    };
  };
  return {
    sandbox,
    clock,
    bot,
    at: { bot_id: bot.id, chat_id },
    raw,
    call: (method, parameters = {}) =>
      raw(`/bot${bot.token}/${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(parameters),
      }),
    close: () => sandbox.close(),
  };
}
