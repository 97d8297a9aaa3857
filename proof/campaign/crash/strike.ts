import type { DatabaseDeath } from '../gateway/kill-postgres.ts';

/** One blow. `kill -9` of the gateway unless it says otherwise. */
export type Strike =
  /** At a call of one of its ports; it kills itself, so nothing can happen in between. */
  | { readonly kind: 'point'; readonly point: string; readonly hit: number }
  /** While a provider, or the backend of a caller, has carried out one of its calls and not answered. */
  | {
      readonly kind: 'wire';
      readonly provider: 'telegram' | 'intercom' | 'hubspot' | 'backend';
      readonly operation: string;
    }
  /** Whatever it is doing. */
  | { readonly kind: 'random'; readonly afterMs: number }
  /** Whatever it is doing, and once more at a point of its recovery. */
  | { readonly kind: 'recovery'; readonly point: string; readonly hit: number; readonly afterMs: number }
  /** Its PostgreSQL, and not the gateway. */
  | { readonly kind: 'database'; readonly death: DatabaseDeath; readonly afterMs: number }
  /** First the gateway, then its PostgreSQL. */
  | { readonly kind: 'both'; readonly death: DatabaseDeath; readonly afterMs: number };

export function describeStrike(strike: Strike): string {
  switch (strike.kind) {
    case 'point':
      return `${strike.point} #${strike.hit}`;
    case 'wire':
      return `${strike.provider} ${strike.operation}, carried out and unanswered`;
    case 'random':
      return `${strike.afterMs} ms into the load`;
    case 'recovery':
      return `${strike.afterMs} ms into the load, and at ${strike.point} of the next start`;
    case 'database':
      return `database, ${strike.death}`;
    case 'both':
      return `gateway and database, ${strike.death}`;
  }
}
