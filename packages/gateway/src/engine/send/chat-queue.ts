/** What came of asking for a turn in a chat's queue. */
export type QueueEntry =
  /** It is this caller's turn. `leave` ends the turn; calling it again does nothing. */
  | { readonly kind: 'admitted'; readonly leave: () => void }
  /** The maximum number of callers, `waiting`, waits already. */
  | { readonly kind: 'full'; readonly waiting: number }
  /** The signal was aborted while this caller waited. */
  | { readonly kind: 'left' };

export interface ChatQueue {
  /** Waits for the chat's turn, first come, first served. Never rejects. */
  enter(chat: string, signal?: AbortSignal): Promise<QueueEntry>;
}

interface Waiter {
  readonly admit: () => void;
}

/**
 * Admits one sender per chat at a time inside this process. Between processes the store's flight row decides. The queue
 * keeps the callers of one process in order.
 */
export function createChatQueue(waitersMax: number): ChatQueue {
  const queues = new Map<string, Waiter[]>();

  const endTurn = (chat: string) => {
    const next = queues.get(chat)?.shift();
    if (next) next.admit();
    else queues.delete(chat);
  };

  const admitTo = (chat: string): QueueEntry => {
    let isTurn = true;
    const leave = () => {
      if (!isTurn) return;
      isTurn = false;
      endTurn(chat);
    };
    return { kind: 'admitted', leave };
  };

  return {
    enter(chat, signal) {
      const waiters = queues.get(chat);
      if (!waiters) {
        queues.set(chat, []);
        return Promise.resolve(admitTo(chat));
      }
      if (waiters.length >= waitersMax) return Promise.resolve({ kind: 'full', waiting: waitersMax });
      if (signal?.aborted) return Promise.resolve({ kind: 'left' });
      return new Promise((resolve) => {
        const giveUp = () => {
          const at = waiters.indexOf(waiter);
          if (at !== -1) waiters.splice(at, 1);
          resolve({ kind: 'left' });
        };
        const waiter: Waiter = {
          admit: () => {
            signal?.removeEventListener('abort', giveUp);
            resolve(admitTo(chat));
          },
        };
        signal?.addEventListener('abort', giveUp, { once: true });
        waiters.push(waiter);
      });
    },
  };
}
