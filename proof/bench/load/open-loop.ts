import { type Answer, type Connection, openConnection } from './connection.ts';
import { type Sample, toSample } from './sample.ts';
import { addressOf, type Target } from './target.ts';

export interface OpenLoopSample extends Sample {
  /** How far the generator itself fell behind its timetable, at worst. */
  readonly lateMs: number;
}

const connectionsAtStart = 32;
/** More than Telegram uses for a webhook (100); what finds none free waits, and its latency counts the wait. */
const connectionsMax = 256;

/**
 * Requests by a timetable, whether or not the earlier ones are answered. A latency counts from the moment at which the
 * generator gets to the request: its own timers would otherwise add up to a millisecond to each.
 */
export async function openLoop(
  target: Target,
  load: {
    readonly perSecond: number;
    readonly durationMs: number;
    readonly from?: number;
    readonly onAnswer?: (index: number, answer: Answer) => void;
  },
): Promise<OpenLoopSample> {
  const idle: Connection[] = [];
  const all: Connection[] = [];
  let openCount = 0;
  const waiting: ((connection: Connection) => void)[] = [];
  const latenciesMs: number[] = [];
  const pending = new Set<Promise<void>>();
  let refused = 0;
  let lateMs = 0;
  let failure: Error | null = null;

  const open = async (): Promise<Connection> => {
    openCount += 1;
    const opened = await openConnection(addressOf(target.url));
    all.push(opened);
    return opened;
  };
  const take = async (): Promise<Connection> => {
    for (let free = idle.pop(); free !== undefined; free = idle.pop()) {
      if (free.isOpen()) return free;
      openCount -= 1;
    }
    if (openCount < connectionsMax) return open();
    return new Promise((resolve) => waiting.push(resolve));
  };
  for (let count = 0; count < connectionsAtStart; count += 1) idle.push(await open());

  const send = async (index: number): Promise<void> => {
    const bytes = target.request(index);
    const dueMs = performance.now();
    const used = await take();
    const answer = await used.call(bytes);
    if (answer.status === target.wanted) latenciesMs.push(performance.now() - dueMs);
    else refused += 1;
    load.onAnswer?.(index, answer);
    const next = waiting.shift();
    if (next) next(used);
    else idle.push(used);
  };

  const total = Math.floor((load.perSecond * load.durationMs) / 1_000);
  const startedMs = performance.now();
  try {
    for (let count = 0; count < total; ) {
      const nowMs = performance.now();
      const dueMs = startedMs + (count / load.perSecond) * 1_000;
      if (dueMs > nowMs) {
        await new Promise((resolve) => setTimeout(resolve, dueMs - nowMs));
        continue;
      }
      lateMs = Math.max(lateMs, nowMs - dueMs);
      const index = (load.from ?? 0) + count;
      const sent = send(index)
        .catch((cause: unknown) => {
          failure ??= new Error(`${target.name} broke off request ${index}`, { cause });
        })
        .finally(() => pending.delete(sent));
      pending.add(sent);
      count += 1;
    }
    await Promise.all(pending);
    if (failure !== null) throw failure;
  } finally {
    for (const one of all) one.close();
  }
  return { ...toSample(latenciesMs, refused, performance.now() - startedMs), lateMs };
}
