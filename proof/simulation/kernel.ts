import { createEventQueue, type Owner, type Scheduled } from './event-queue.ts';
import { createTraceHash } from './trace-hash.ts';

/** Virtual time. Only what was scheduled happens, and always in one order: the same seed gives the same history. */
export interface Kernel {
  nowMs(): number;
  /** Schedules; `owner` is the process that it happens in, null for the world. */
  after(delayMs: number, owner: Owner | null, label: string, run: () => void): Scheduled;
  /** Runs when the present event has ended: the end of a turn of a process's event loop. */
  soon(owner: Owner, run: () => void): void;
  cancel(event: Scheduled): void;
  /** Mixes a fact into the trace; `describe` is only called when the trace is printed. */
  note(label: string, describe: () => string): void;
  /** Runs until `isOver`, which is asked every `everyMs` of virtual time. Resolves with false when the limit comes first. */
  run(isOver: () => boolean, everyMs: number, limitMs: number): Promise<boolean>;
  /** The same for the same history. */
  traceHash(): string;
  readonly steps: number;
}

/** Node runs all microtasks between two immediates. This many are queued at once, because each turn of its loop costs time. */
const turnsAtOnce = 256;

export function createKernel(trace: ((line: string) => void) | null): Kernel {
  const queue = createEventQueue();
  const turns: { readonly owner: Owner; readonly run: () => void }[] = [];
  const hash = createTraceHash();
  let nowMs = 0;
  let order = 0;
  let steps = 0;

  const schedule = (atMs: number, owner: Owner | null, label: string, run: () => void): Scheduled => {
    order += 1;
    const event = { atMs, order, label, owner, run, isCancelled: false };
    queue.push(event);
    return event;
  };

  const happen = ({ atMs, owner, label, run }: Scheduled): void => {
    nowMs = atMs;
    steps += 1;
    hash.mixLabel(label);
    hash.mixNumber(Math.floor(nowMs * 64));
    if (owner !== null) hash.mixLabel(owner.name);
    trace?.(`${nowMs.toFixed(1).padStart(10)} ${(owner?.name ?? '').padEnd(3)} ${label}`);
    run();
  };

  /** Takes one event; false when there is none. */
  const step = (): boolean => {
    const turn = turns.shift();
    if (turn !== undefined) {
      if (!turn.owner.isDead) turn.run();
      return true;
    }
    const event = queue.pop();
    if (!event) return false;
    const { owner, label, run, atMs } = event;
    if (event.isCancelled || owner?.isDead === true) return true;
    if (owner !== null && owner.pausedUntilMs > atMs) schedule(owner.pausedUntilMs, owner, label, run);
    else happen(event);
    return true;
  };

  return {
    nowMs: () => nowMs,
    after: (delayMs, owner, label, run) => schedule(nowMs + Math.max(0, delayMs), owner, label, run),
    soon: (owner, run) => void turns.push({ owner, run }),
    cancel(event) {
      event.isCancelled = true;
    },
    note(label, describe) {
      hash.mixLabel(label);
      trace?.(`${nowMs.toFixed(1).padStart(10)}     ${label} ${describe()}`);
    },
    run: (isOver, everyMs, limitMs) => runUntil({ step, nowMs: () => nowMs }, { isOver, everyMs, limitMs }),
    traceHash: hash.toString,
    get steps() {
      return steps;
    },
  };
}

interface Steps {
  /** False when there is nothing left to do. */
  step(): boolean;
  nowMs(): number;
}

interface Goal {
  isOver(): boolean;
  readonly everyMs: number;
  readonly limitMs: number;
}

function runUntil({ step, nowMs }: Steps, { isOver, everyMs, limitMs }: Goal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let isEnded = false;
    let askAtMs = nowMs();
    const end = (settle: () => void): void => {
      isEnded = true;
      settle();
    };
    const takeTurn = (): void => {
      if (isEnded) return;
      try {
        if (nowMs() >= askAtMs) {
          if (isOver()) {
            end(() => resolve(true));
            return;
          }
          askAtMs = nowMs() + everyMs;
        }
        if (nowMs() >= limitMs || !step()) end(() => resolve(isOver()));
      } catch (cause) {
        end(() => reject(cause));
      }
    };
    const queueTurns = (): void => {
      if (isEnded) return;
      for (let count = 0; count < turnsAtOnce; count += 1) setImmediate(takeTurn);
      setImmediate(queueTurns);
    };
    queueTurns();
  });
}
