import type { Update } from '@grammyjs/types';
import type { CallOutcome, PolledUpdates } from '../../ports/channel.ts';
import { allowedUpdates } from './allowed-updates.ts';
import { classifyCall } from './classify.ts';
import type { TelegramClient } from './client.ts';
import { asInteger, asObject } from './untrusted.ts';

/** Telegram: the server holds a call for at most this long. */
const pollSeconds = 50;
const pollLimitMs = (pollSeconds + 15) * 1_000;
/** Telegram: at most this many updates an answer. */
const updatesMax = 100;

/**
 * Waits for updates. Telegram: an offset confirms every update below it, and only one call may wait for a bot: it must be
 * aborted at shutdown, else the next start meets a conflict (409) until it runs out.
 */
export async function poll(
  client: TelegramClient,
  offset: string | null,
  signal: AbortSignal,
): Promise<CallOutcome<PolledUpdates>> {
  const result = await client.callMethod(
    'getUpdates',
    {
      timeout: pollSeconds,
      limit: updatesMax,
      allowed_updates: allowedUpdates,
      ...(offset === null ? {} : { offset: Number(offset) }),
    },
    { limitMs: pollLimitMs, signal, longPoll: true },
  );
  if (signal.aborted) return { kind: 'ok', value: { updates: [], nextOffset: offset } };
  return classifyCall(result, (value) => (Array.isArray(value) ? readUpdates(value, offset) : null));
}

function readUpdates(values: readonly unknown[], offset: string | null): PolledUpdates {
  const updates = values.flatMap((value) => {
    const id = asInteger(asObject<Update>(value)?.update_id);
    return id === null ? [] : [{ id, updateId: String(id), raw: Buffer.from(JSON.stringify(value)) }];
  });
  const last = updates.reduce<number | null>((max, { id }) => (max === null || id > max ? id : max), null);
  return {
    updates: updates.map(({ updateId, raw }) => ({ updateId, raw })),
    nextOffset: last === null ? offset : String(last + 1),
  };
}
