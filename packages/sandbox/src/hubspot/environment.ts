import type { SimulatorContext } from '../simulator.ts';
import type { Webhooks } from './webhooks.ts';

export interface Environment {
  readonly context: SimulatorContext;
  readonly ids: Ids;
  readonly webhooks: Webhooks;
}

export interface Ids {
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string;
  uuid(): string;
  /** Numeric ids, each kind counting on its own over all portals. */
  next(kind: keyof typeof FIRST): string;
}

const FIRST = {
  portal: 243842001,
  app: 3915001,
  user: 70421001,
  owner: 158301,
  inbox: 881001,
  channel: 1201,
  account: 456001,
  thread: 7001000001,
  contact: 90851001,
  file: 170001000001,
  visitor: 555001,
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

/** HubSpot writes times in ISO 8601. */
export const iso = (atMs: number) => new Date(atMs).toISOString();
