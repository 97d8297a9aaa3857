import type { Answer } from '../faults.ts';
import type { Parameters } from './parameters.ts';
import type { TelegramState } from './state.ts';
import type { Bot, CallRecord } from './world.ts';

export interface CallFilter {
  readonly bot_id?: number | undefined;
  readonly method?: string | undefined;
}

/** How many calls are kept: the newest. */
const callsMax = 1_000;

/** Remembers a call and publishes it. Polls are left out: they would be nearly all of it. */
export function recordCall(state: TelegramState, bot: Bot, method: string, given: Parameters, answer: Answer): void {
  if (state.lean || method === 'getUpdates') return;
  const { ok, description } = answer.body as { readonly ok?: boolean; readonly description?: string };
  const call: CallRecord = {
    at_ms: state.context.clock.nowMs(),
    bot_id: bot.id,
    method,
    parameters: given.values(),
    files: Object.fromEntries(
      [...given.files()].map(([name, { fileName: file_name, mimeType: mime_type, bytes }]) => [
        name,
        { file_name, mime_type, size: bytes.length },
      ]),
    ),
    status: answer.status,
    ...(ok === true || description === undefined ? {} : { description }),
  };
  state.calls.push(call);
  if (state.calls.length > callsMax) state.calls.shift();
  state.publish('call.made', { ...call });
}

/** The newest calls, in order. */
export const listCalls = (state: TelegramState, { bot_id, method }: CallFilter): readonly CallRecord[] =>
  state.calls.filter(
    (call) => (bot_id === undefined || call.bot_id === bot_id) && (method === undefined || call.method === method),
  );
