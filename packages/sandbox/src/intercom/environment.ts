import type { SimulatorContext } from '../simulator.ts';
import type { Webhooks } from './webhooks.ts';
import type { Seconds } from './workspace.ts';

/** What every operation of the simulator works with. */
export interface Environment {
  readonly context: SimulatorContext;
  readonly webhooks: Webhooks;
  readonly ids: Ids;
}

export interface Ids {
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string;
  uuid(): string;
  /** The next number of a kind; kinds count on their own, over all workspaces. */
  next(kind: keyof typeof FIRST): string;
}

/** The sizes that real ids have. */
const FIRST = {
  conversation: 215474000000001,
  part: 45763000001,
  message: 403918001,
  admin: 6827001,
  team: 5017001,
  tag: 7522001,
  attribute: 37001,
  subscription: 1,
};

export function createIds(random: () => number): Ids {
  const counts = { ...FIRST };
  const hex = (digits: number) => Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
  return {
    hex,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
    next(kind) {
      counts[kind] += 1;
      return String(counts[kind] - 1);
    },
  };
}

export function seconds(environment: Environment): Seconds {
  return Math.floor(environment.context.clock.nowMs() / 1000);
}
