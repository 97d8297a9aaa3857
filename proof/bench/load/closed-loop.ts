import { openConnection } from './connection.ts';
import { type Sample, toSample } from './sample.ts';
import { addressOf, type Target } from './target.ts';

/** How long a closed loop runs: for a time, or for a number of requests. */
export type Extent = { readonly durationMs: number } | { readonly requests: number };

/** `inFlight` callers, each with the next request as soon as it has its answer. */
export async function closedLoop(
  target: Target,
  load: Extent & { readonly inFlight: number; readonly from?: number },
): Promise<Sample> {
  const connections = await Promise.all(
    Array.from({ length: load.inFlight }, () => openConnection(addressOf(target.url))),
  );
  const latenciesMs: number[] = [];
  let refused = 0;
  const first = load.from ?? 0;
  let next = first;
  const startedMs = performance.now();
  const endMs = 'durationMs' in load ? startedMs + load.durationMs : Number.POSITIVE_INFINITY;
  const end = 'requests' in load ? first + load.requests : Number.POSITIVE_INFINITY;
  try {
    await Promise.all(
      connections.map(async (connection) => {
        for (let sentMs = performance.now(); sentMs < endMs && next < end; sentMs = performance.now()) {
          const bytes = target.request(next);
          next += 1;
          const { status } = await connection.call(bytes);
          if (status === target.wanted) latenciesMs.push(performance.now() - sentMs);
          else refused += 1;
        }
      }),
    );
  } finally {
    for (const connection of connections) connection.close();
  }
  return toSample(latenciesMs, refused, performance.now() - startedMs);
}

/** One caller that pauses between its requests, so that each finds everything idle. */
export async function loneCaller(
  target: Target,
  load: { readonly count: number; readonly pauseMs: number; readonly from?: number },
): Promise<Sample> {
  const connection = await openConnection(addressOf(target.url));
  const latenciesMs: number[] = [];
  let refused = 0;
  const startedMs = performance.now();
  try {
    for (let index = 0; index < load.count; index += 1) {
      await new Promise((resolve) => setTimeout(resolve, load.pauseMs));
      const bytes = target.request((load.from ?? 0) + index);
      const sentMs = performance.now();
      const { status } = await connection.call(bytes);
      if (status === target.wanted) latenciesMs.push(performance.now() - sentMs);
      else refused += 1;
    }
  } finally {
    connection.close();
  }
  return toSample(latenciesMs, refused, performance.now() - startedMs);
}
