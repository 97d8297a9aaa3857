/** An event at one of the simulated providers. */
export interface FeedEvent {
  readonly sequence: number;
  readonly atMs: number;
  readonly provider: 'telegram' | 'intercom' | 'hubspot';
  /** The event as `noun.verbed`: `message.sent`, `part.added`, `webhook.delivered`. */
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export type FeedListener = (event: FeedEvent) => void;

/** All events in order: for the page, for tests that wait for a state, and for checks after a run. */
export interface Feed {
  publish(provider: FeedEvent['provider'], name: string, data: Readonly<Record<string, unknown>>): FeedEvent;
  subscribe(listener: FeedListener): () => void;
  since(sequence: number): readonly FeedEvent[];
  /** Resolves with the first event, past or future, that satisfies `wanted`. Waits without a limit of its own. */
  waitFor(wanted: (event: FeedEvent) => boolean): Promise<FeedEvent>;
}

/** Keeps nothing and tells no one. For a simulation that runs for as long as the program that it is a part of. */
export function createSilentFeed(nowMs: () => number): Feed {
  return {
    publish: (provider, name, data) => ({ sequence: 0, atMs: nowMs(), provider, name, data }),
    subscribe: () => () => undefined,
    since: () => [],
    waitFor: () => Promise.reject(new Error('A silent feed has no events to wait for.')),
  };
}

export function createFeed(nowMs: () => number): Feed {
  const events: FeedEvent[] = [];
  const listeners = new Set<FeedListener>();
  const subscribe = (listener: FeedListener) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  };
  return {
    publish(provider, name, data) {
      const event: FeedEvent = { sequence: events.length + 1, atMs: nowMs(), provider, name, data };
      events.push(event);
      for (const listener of [...listeners]) listener(event);
      return event;
    },
    subscribe,
    since: (sequence) => events.slice(sequence),
    waitFor(wanted) {
      const past = events.find(wanted);
      if (past) return Promise.resolve(past);
      return new Promise((resolve) => {
        const unsubscribe = subscribe((event) => {
          if (!wanted(event)) return;
          unsubscribe();
          resolve(event);
        });
      });
    },
  };
}
