/** @typedef {{ readonly provider: string, readonly name: string, readonly data: Readonly<Record<string, unknown>> }} FeedEvent */

/** How long to wait before the feed is connected again, in milliseconds. */
const reconnectMs = 500;

/**
 * Follows the sandbox's feed. An event is only a hint that something has changed. What happens while there is no
 * connection is not reported: at `onConnected` the listener must read everything again.
 *
 * @param {{ onConnected: () => void, onLost: () => void, onEvent: (event: FeedEvent) => void }} listener
 */
export function followFeed(listener) {
  // Past events are not needed: no event has a sequence number above this.
  const source = new EventSource(`/control/events?since=${Number.MAX_SAFE_INTEGER}`);
  source.addEventListener('open', listener.onConnected);
  source.addEventListener('message', ({ data }) => listener.onEvent(JSON.parse(data)));
  source.addEventListener('error', () => {
    source.close();
    listener.onLost();
    setTimeout(() => followFeed(listener), reconnectMs);
  });
}

/**
 * Runs `refresh` for the marked parts, one run at a time. Parts that are marked during a run are refreshed afterwards.
 *
 * @template {string} Part
 * @param {(parts: ReadonlySet<Part>) => Promise<void>} refresh
 * @param {(error: unknown) => void} onError
 */
export function createRefresher(refresh, onError) {
  /** @type {Set<Part>} */
  let marked = new Set();
  let isRunning = false;
  async function run() {
    isRunning = true;
    while (marked.size > 0) {
      const parts = marked;
      marked = new Set();
      try {
        await refresh(parts);
      } catch (error) {
        onError(error);
      }
    }
    isRunning = false;
  }
  return {
    /** @param {...Part} parts */
    mark(...parts) {
      for (const part of parts) marked.add(part);
      if (!isRunning) void run();
    },
  };
}

/**
 * Runs actions one after the other, in the order in which they were added.
 *
 * @param {(error: unknown) => void} onError
 */
export function createActionQueue(onError) {
  let last = Promise.resolve();
  let added = 0;
  let ended = 0;
  return {
    /**
     * @param {() => Promise<unknown>} act
     * @param {() => void} [onEnded] Called after this action, also when it failed.
     */
    add(act, onEnded) {
      added += 1;
      last = last
        .then(act)
        .catch(onError)
        .then(() => {
          ended += 1;
          onEnded?.();
        });
    },
    /** A mark of this moment, for `isQuietSince`. */
    mark: () => ({ added, ended }),
    /**
     * Whether no action was running at the mark, and none was added afterwards.
     *
     * @param {{ readonly added: number, readonly ended: number }} mark
     */
    isQuietSince: (mark) => mark.added === mark.ended && mark.added === added,
  };
}
