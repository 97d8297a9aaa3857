import { ApiError } from '../operations/api-error.ts';
import type { Deadlines } from '../ports/deadlines.ts';

/** Runs the work of several tenants so that none of them delays the others. */
export interface FairQueue {
  /**
   * Runs the work as soon as it is the tenant's turn. Throws RATE_LIMITED if too much work of this tenant waits, and UNAVAILABLE
   * if too much of all tenants waits or it waited too long. Then it was not begun.
   */
  run<T>(tenant: string, work: () => Promise<T>): Promise<T>;
}

export interface FairQueueOptions {
  readonly atOnce: number;
  /** Fewer than `atOnce`, so that one tenant’s slow work never takes all places. */
  readonly atOncePerTenant: number;
  readonly waitingMax: number;
  readonly waitingMaxPerTenant: number;
  readonly waitMaxMs: number;
  readonly deadlines: Pick<Deadlines, 'after'>;
}

interface Tenant {
  running: number;
  /** The beginnings of the work that waits, in its order. */
  readonly waiting: Set<() => void>;
}

const retryAfterMs = 1_000;

/** Free places go around the tenants with waiting work, one place a turn, whatever number of requests each of them has. */
export function createFairQueue(options: FairQueueOptions): FairQueue {
  const { atOnce, atOncePerTenant, waitingMax, waitingMaxPerTenant, waitMaxMs, deadlines } = options;
  /** In the order of their next turns. Without the tenants that have no work. */
  const tenants = new Map<string, Tenant>();
  let running = 0;
  let waiting = 0;

  const mayRun = (tenant: Tenant): boolean => running < atOnce && tenant.running < atOncePerTenant;

  const nextTurn = (): (() => void) | null => {
    for (const [name, tenant] of tenants) {
      const [begin] = tenant.waiting;
      if (begin === undefined || !mayRun(tenant)) continue;
      tenants.delete(name);
      tenants.set(name, tenant);
      return begin;
    }
    return null;
  };

  const wait = (tenant: Tenant): Promise<void> => {
    if (tenant.waiting.size >= waitingMaxPerTenant) throw new ApiError('RATE_LIMITED', { retryAfterMs });
    if (waiting >= waitingMax) throw new ApiError('UNAVAILABLE', { retryAfterMs });
    return new Promise((resolve, reject) => {
      const leave = () => {
        tenant.waiting.delete(begin);
        waiting -= 1;
      };
      const stop = deadlines.after(waitMaxMs, () => {
        leave();
        reject(new ApiError('UNAVAILABLE', { retryAfterMs }));
      });
      const begin = () => {
        stop();
        leave();
        take(tenant);
        resolve();
      };
      tenant.waiting.add(begin);
      waiting += 1;
    });
  };

  const take = (tenant: Tenant): void => {
    running += 1;
    tenant.running += 1;
  };

  const giveBack = (tenant: Tenant): void => {
    running -= 1;
    tenant.running -= 1;
    nextTurn()?.();
  };

  return {
    async run(name, work) {
      const tenant = tenants.get(name) ?? { running: 0, waiting: new Set() };
      tenants.set(name, tenant);
      try {
        if (mayRun(tenant) && tenant.waiting.size === 0) take(tenant);
        else await wait(tenant);
        try {
          return await work();
        } finally {
          giveBack(tenant);
        }
      } finally {
        if (tenant.running === 0 && tenant.waiting.size === 0 && tenants.get(name) === tenant) tenants.delete(name);
      }
    },
  };
}
