import { type Answer, type Connection, openConnection } from './connection.ts';
import { type Sample, toSample } from './sample.ts';
import { addressOf, type Target } from './target.ts';

export interface OpenLoopSample extends Sample {
  /** How far the generator itself fell behind its timetable, at worst. */
  readonly lateMs: number;
}

const connectionsAtStart = 32;

/**
 * Requests by a timetable, whether or not the earlier ones are answered. A latency counts from the moment at which the
 * request is written: the generator's own timers would otherwise add up to a millisecond to each.
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
  const latenciesMs: number[] = [];
  const pending = new Set<Promise<void>>();
  let refused = 0;
  let lateMs = 0;

  const open = async (): Promise<Connection> => {
    const opened = await openConnection(addressOf(target.url));
    all.push(opened);
    return opened;
  };
  for (let count = 0; count < connectionsAtStart; count += 1) idle.push(await open());

  const send = async (index: number): Promise<void> => {
    const bytes = target.request(index);
    const used = idle.pop() ?? (await open());
    const sentMs = performance.now();
    const answer = await used.call(bytes);
    if (answer.status === target.wanted) latenciesMs.push(performance.now() - sentMs);
    else refused += 1;
    load.onAnswer?.(index, answer);
    idle.push(used);
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
      const sent = send((load.from ?? 0) + count).finally(() => pending.delete(sent));
      pending.add(sent);
      count += 1;
    }
    await Promise.all(pending);
  } finally {
    for (const one of all) one.close();
  }
  return { ...toSample(latenciesMs, refused, performance.now() - startedMs), lateMs };
}
