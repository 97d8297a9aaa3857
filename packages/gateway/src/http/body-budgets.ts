import type { Clock } from '../ports/clock.ts';
import type { EngineLog } from '../ports/log.ts';
import { type BodyBudget, type BodyLimits, createBodyBudget } from './body-budget.ts';

const MiB = 1024 * 1024;
/** Anyone may send these bodies. Providers and browsers send theirs at once, and Intercom itself waits five seconds at most. */
const unprovenMs = 5_000;

/**
 * Each budget is separate, so that callers without proof can never take the room of callers with proof. They are no settings: one
 * budget holds hundreds of usual requests, and each is in memory for milliseconds.
 */
const limits = {
  /** The head proved the caller, by a credential or by a webhook's secret. The holder is that credential or webhook. */
  proven: { totalBytes: 64 * MiB, holderBytes: 8 * MiB, bodyMs: null },
  /** Webhooks whose signature covers the body, at an address that is no secret. The holder is the network. */
  sharedHooks: { totalBytes: 16 * MiB, holderBytes: 4 * MiB, bodyMs: unprovenMs },
  /** Sign-in and the form for a bot, which anyone may send. The holder is the network. */
  open: { totalBytes: 4 * MiB, holderBytes: MiB / 2, bodyMs: unprovenMs },
} satisfies Readonly<Record<string, BodyLimits>>;

export type BodyBudgets = Readonly<Record<keyof typeof limits, BodyBudget>>;

const logEveryMs = 60_000;

/** The budgets of the bodies that are in memory. Logs at most once a minute that one is full. */
export function createBodyBudgets(clock: Clock, log: EngineLog): BodyBudgets {
  const createOne = (name: keyof typeof limits): BodyBudget => {
    let loggedAtMs = Number.NEGATIVE_INFINITY;
    return createBodyBudget(limits[name], clock, (holder) => {
      if (clock.monotonicMs() - loggedAtMs < logEveryMs) return;
      loggedAtMs = clock.monotonicMs();
      log.warn('bodies.refused', { budget: name, holder });
    });
  };
  return { proven: createOne('proven'), sharedHooks: createOne('sharedHooks'), open: createOne('open') };
}
