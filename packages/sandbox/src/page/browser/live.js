/** @typedef {{ readonly provider: string, readonly name: string, readonly data: Readonly<Record<string, unknown>> }} FeedEvent */

/**
 * Follows the sandbox's feed. An event is only a hint that something has changed; whatever happened before the
 * connection stood, or while it was down, is covered by `onConnected`, after which everything is to be read anew.
 *
 * @param {{ onConnected: () => void, onLost: () => void, onEvent: (event: FeedEvent) => void }} listener
 */
export function followFeed(listener) {
  // The past is not wanted: no event has a sequence number above this.
  const source = new EventSource(`/control/events?since=${Number.MAX_SAFE_INTEGER}`);
  source.addEventListener('open', listener.onConnected);
  source.addEventListener('message', ({ data }) => listener.onEvent(JSON.parse(data)));
  source.addEventListener('error', () => {
    listener.onLost();
    if (source.readyState === EventSource.CLOSED) setTimeout(() => followFeed(listener), 1000);
  });
}

/**
 * Runs `refresh` for the parts that were marked, one run at a time; what is marked during a run is run afterwards.
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
 * Runs actions one after the other, in the order in which they were given.
 *
 * @param {(error: unknown) => void} onError
 */
export function createActionQueue(onError) {
  let last = Promise.resolve();
  let given = 0;
  let ended = 0;
  return {
    /**
     * @param {() => Promise<unknown>} act
     * @param {() => void} [onEnded] Called when this action counts as done, also when it failed.
     */
    add(act, onEnded) {
      given += 1;
      last = last
        .then(act)
        .catch(onError)
        .then(() => {
          ended += 1;
          onEnded?.();
        });
    },
    /** A mark of now: `isQuietSince` tells whether no action was under way then, and none was given from then on. */
    mark: () => ({ given, ended }),
    /** @param {{ readonly given: number, readonly ended: number }} mark */
    isQuietSince: (mark) => mark.given === mark.ended && mark.given === given,
  };
}
