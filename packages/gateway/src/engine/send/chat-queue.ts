/** Thrown by `enter` when too many already wait for the lane. */
export class LaneFullError extends Error {
  override readonly name = 'LaneFullError';
}

/** Thrown by `enter` when the one who waits gave up first. */
export class LaneLeftError extends Error {
  override readonly name = 'LaneLeftError';
}

export interface LaneGate {
  /**
   * Waits for the lane, first come, first served; resolves with the function that gives it back.
   * Rejects with `LaneFullError` or, when `signal` is aborted while waiting, `LaneLeftError`.
   */
  enter(lane: string, signal?: AbortSignal): Promise<() => void>;
}

interface Waiter {
  readonly admit: () => void;
}

/** One holder a lane inside this process. Between processes the store's flight row decides; this keeps their callers in line. */
export function createLaneGate(waitersMax: number): LaneGate {
  const lanes = new Map<string, Waiter[]>();

  const leave = (lane: string) => {
    const next = lanes.get(lane)?.shift();
    if (next) next.admit();
    else lanes.delete(lane);
  };

  const once = (lane: string) => {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      leave(lane);
    };
  };

  return {
    enter(lane, signal) {
      const waiters = lanes.get(lane);
      if (!waiters) {
        lanes.set(lane, []);
        return Promise.resolve(once(lane));
      }
      if (waiters.length >= waitersMax)
        return Promise.reject(new LaneFullError(`${waitersMax} sends wait for this chat`));
      return new Promise((resolve, reject) => {
        const giveUp = () => {
          const at = waiters.indexOf(waiter);
          if (at !== -1) waiters.splice(at, 1);
          reject(new LaneLeftError('gave up while waiting for the chat'));
        };
        const waiter: Waiter = {
          admit: () => {
            signal?.removeEventListener('abort', giveUp);
            resolve(once(lane));
          },
        };
        if (signal?.aborted) return reject(new LaneLeftError('gave up before waiting for the chat'));
        signal?.addEventListener('abort', giveUp, { once: true });
        waiters.push(waiter);
      });
    },
  };
}
