/** Reads the event log as it grows. */
import type { Chatferry, Event } from '@chatferry/sdk';
import { UsageError } from './usage-error.ts';

interface Following {
  readonly client: Chatferry;
  /** Only events of these types. Undefined: all. */
  readonly types: string | undefined;
  /** The last event that is known already. Undefined: those from now on. */
  readonly after: string | undefined;
  readonly signal: AbortSignal;
  readonly onReady: () => void;
  readonly onLost: (reason: Error) => void;
}

/**
 * The events from now on, in order, until the signal is aborted. Where the log ends is read before `onReady`, so that no event is
 * missed while the stream is being opened.
 */
export async function* followEvents(options: Following): AsyncGenerator<Event> {
  const { client, types, after, signal, onReady, onLost } = options;
  const start = after ?? (await client.request('listEvents', { after: 'latest', limit: 1 })).next_after;
  onReady();
  yield* client.events.stream({
    types: types as Event['type'] | undefined,
    after: start ?? undefined,
    signal,
    onReconnect: (reason) => onLost(reason),
  });
}

/** An address for `--forward-to`: a whole one, or the port of this machine. Throws `UsageError`. */
export const readTarget = (given: string): string => {
  const url = /^\d{1,5}(?:\/|$)/.test(given)
    ? `http://127.0.0.1:${given}`
    : /^https?:\/\//.test(given)
      ? given
      : `http://${given}`;
  if (!URL.canParse(url))
    throw new UsageError(`--forward-to is not an address: “${given}”.`, '--forward-to http://localhost:3000/webhooks');
  return url;
};
