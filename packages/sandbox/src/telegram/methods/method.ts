import type { Parameters } from '../parameters.ts';
import type { TelegramState } from '../state.ts';
import type { Bot } from '../world.ts';

/** One authenticated call of a Bot API method. */
export interface MethodCall {
  readonly state: TelegramState;
  readonly bot: Bot;
  readonly parameters: Parameters;
}

export interface MethodResult {
  readonly result: unknown;
  /** Telegram: some results have a description, such as "Webhook was set". */
  readonly description?: string;
  /** True for a result with content of a test. */
  readonly planted?: boolean;
}

/** Throws `BotApiError` for a refusal. */
export type Method = (call: MethodCall) => MethodResult | Promise<MethodResult>;
