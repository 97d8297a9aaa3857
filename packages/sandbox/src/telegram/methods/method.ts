import type { Parameters } from '../parameters.ts';
import type { TelegramState } from '../state.ts';
import type { Bot } from '../world.ts';

/** One call of a Bot API method by a bot whose token was right. */
export interface MethodCall {
  readonly state: TelegramState;
  readonly bot: Bot;
  readonly parameters: Parameters;
}

export interface MethodResult {
  readonly result: unknown;
  /** Telegram puts a sentence beside some results: "Webhook was set". */
  readonly description?: string;
}

/** Throws `BotApiError` for a refusal. */
export type Method = (call: MethodCall) => MethodResult | Promise<MethodResult>;
