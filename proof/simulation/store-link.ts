import type { RunStatement } from '@chatferry/testkit/memory-store/bind-queries';
import { RefusedStatement } from '@chatferry/testkit/memory-store/database';
import type { Process, World } from './world.ts';

/** A fault that this world injected. A report of it is no error of the engine. */
export class InjectedFault extends Error {
  override readonly name = 'InjectedFault';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** As PostgreSQL refuses: nothing of the statement stays. */
class InjectedRefusal extends InjectedFault {
  readonly severity = 'ERROR';
}

/** How long the driver waits for an answer. */
const statementLimitMs = 15_000;

/** A process's connection to the store: late, and cut before or after a statement has become durable. */
export function linkToStore(world: World, owner: Process): RunStatement {
  const { kernel, dice, profile } = world;
  const rates = profile.store;

  return (name, statement) =>
    new Promise((resolve, reject) => {
      const answer = (settle: () => void, delayMs = 0): void => {
        if (owner.isDead) return;
        // An answer waits for a paused process in its socket.
        if (delayMs === 0 && owner.pausedUntilMs <= kernel.nowMs()) settle();
        else kernel.after(delayMs, owner, 'store answer', settle);
      };
      const cut = (delayMs = 0) => {
        world.disturb(delayMs);
        answer(() => reject(new InjectedFault('ECONNRESET', 'Connection terminated unexpectedly')), delayMs);
      };
      const latencyMs = world.strikes('store slow', rates.slow) ? dice.between(50, 1_500) : dice.between(0.2, 2.5);
      kernel.after(latencyMs, null, name, () => {
        if (world.isStoreAway) return cut();
        if (world.strikes('store cut before', rates.before)) return cut();
        if (world.strikes('store refused', rates.refused)) {
          return answer(() => reject(new InjectedRefusal('40001', 'could not serialize access')));
        }
        // What a dead process had just said may have reached the server, or not.
        if (owner.isDead && dice.chance(0.5)) return;
        try {
          const result = statement();
          if (!owner.isDead && world.strikes('crash at once', profile.processes.crashesAtOnce)) return owner.crash();
          if (world.strikes('store cut after', rates.after)) cut(dice.chance(0.1) ? statementLimitMs : 0);
          else answer(() => resolve(result));
        } catch (cause) {
          if (cause instanceof RefusedStatement) world.violations.push(`the store refused ${name}: ${cause.message}`);
          answer(() => reject(cause));
        }
      });
    });
}
