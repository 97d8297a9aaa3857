import { createEventQueue, type Owner, type Scheduled } from './event-queue.ts';

/** Virtual time. Nothing happens but what was scheduled, and in one order: the same seed gives the same history. */
export interface Kernel {
  nowMs(): number;
  /** Schedules; `owner` is the process that it happens in, null for the world. */
  after(delayMs: number, owner: Owner | null, label: string, run: () => void): Scheduled;
  /** As soon as what happens now has ended: the end of a turn of a process's event loop. */
  soon(owner: Owner, run: () => void): void;
  cancel(event: Scheduled): void;
  /** Mixes a fact into the trace; `what` is only made where somebody looks. */
  note(label: string, what: () => string): void;
  /** Runs until `isOver` says so, asked every `everyMs` of virtual time, or until the limit: false then. */
  run(isOver: () => boolean, everyMs: number, limitMs: number): Promise<boolean>;
  /** The same for the same history. */
  traceHash(): string;
  readonly steps: number;
}

/** Node runs all microtasks between two immediates: so many are queued at once, because each turn of its loop costs. */
const burst = 256;

export function createKernel(trace: ((line: string) => void) | null): Kernel {
  const queue = createEventQueue();
  const turns: { readonly owner: Owner; readonly run: () => void }[] = [];
  const labels = new Map<string, number>();
  let nowMs = 0;
  let order = 0;
  let steps = 0;
  let hashA = 0x811c9dc5;
  let hashB = 0x1234567;

  const mix = (value: number): void => {
    hashA = Math.imul(hashA ^ value, 0x01000193);
    hashB = Math.imul(hashB ^ (value + (hashA >>> 7)), 0x85ebca6b);
  };
  const numberOf = (label: string): number => {
    const known = labels.get(label);
    if (known !== undefined) return known;
    let number = 0;
    for (let index = 0; index < label.length; index += 1)
      number = Math.imul(number ^ label.charCodeAt(index), 0x01000193);
    labels.set(label, number);
    return number;
  };

  const schedule = (atMs: number, owner: Owner | null, label: string, run: () => void): Scheduled => {
    order += 1;
    const event = { atMs, order, label, owner, run, isCancelled: false };
    queue.push(event);
    return event;
  };

  /** One event; false where there is none. */
  const step = (): boolean => {
    const turn = turns.shift();
    if (turn !== undefined) {
      if (!turn.owner.isDead) turn.run();
      return true;
    }
    const event = queue.pop();
    if (!event) return false;
    const { owner, label, run } = event;
    if (event.isCancelled || owner?.isDead === true) return true;
    if (owner !== null && owner.pausedUntilMs > event.atMs) {
      schedule(owner.pausedUntilMs, owner, label, run);
      return true;
    }
    nowMs = event.atMs;
    steps += 1;
    mix(numberOf(label));
    mix(Math.floor(nowMs * 64));
    if (owner !== null) mix(numberOf(owner.name));
    trace?.(`${nowMs.toFixed(1).padStart(10)} ${(owner?.name ?? '').padEnd(3)} ${label}`);
    run();
    return true;
  };

  return {
    nowMs: () => nowMs,
    after: (delayMs, owner, label, run) => schedule(nowMs + Math.max(0, delayMs), owner, label, run),
    soon(owner, run) {
      turns.push({ owner, run });
    },
    cancel(event) {
      event.isCancelled = true;
    },
    note(label, what) {
      mix(numberOf(label));
      trace?.(`${nowMs.toFixed(1).padStart(10)}     ${label} ${what()}`);
    },
    run: (isOver, everyMs, limitMs) =>
      new Promise((resolve, reject) => {
        let isEnded = false;
        let askAtMs = nowMs;
        const end = (settle: () => void): void => {
          isEnded = true;
          settle();
        };
        const turn = (): void => {
          if (isEnded) return;
          try {
            if (nowMs >= askAtMs) {
              if (isOver()) {
                end(() => resolve(true));
                return;
              }
              askAtMs = nowMs + everyMs;
            }
            if (nowMs >= limitMs || !step()) end(() => resolve(isOver()));
          } catch (cause) {
            end(() => reject(cause));
          }
        };
        const again = (): void => {
          if (isEnded) return;
          for (let count = 0; count < burst; count += 1) setImmediate(turn);
          setImmediate(again);
        };
        again();
      }),
    traceHash: () => [hashA, hashB].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join(''),
    get steps() {
      return steps;
    },
  };
}
