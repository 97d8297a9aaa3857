import type { Job } from '@chatferry/gateway/internal/store/lanes';
import { createMemoryDatabase, type MemoryDatabase } from '@chatferry/testkit/memory-store/database';
import { createDice, type Dice } from './dice.ts';
import type { Owner } from './event-queue.ts';
import { createKernel, type Kernel } from './kernel.ts';
import { drawProfile, type Profile } from './profile.ts';

/** Where virtual time begins. */
export const startOfTimeMs = Date.UTC(2026, 0, 15, 12);

/** Everything that one seed's history has in common. */
export interface World {
  readonly seed: number;
  readonly kernel: Kernel;
  readonly dice: Dice;
  readonly profile: Profile;
  readonly db: MemoryDatabase;
  /** Faults are injected until the world is quiet. */
  isQuiet: boolean;
  /** Where the store is away at the moment. */
  isStoreAway: boolean;
  /** Things under way outside of every process: a caller that waits, an event that is to be delivered. */
  underWay: number;
  /** How many faults of each kind were injected. */
  readonly faults: Map<string, number>;
  /** When something happened that may leave any message unknown. */
  readonly disturbances: { readonly fromMs: number; readonly toMs: number }[];
  /** The jobs of each lane, in the order in which they entered it. */
  readonly lanes: Map<string, Job['payload'][]>;
  /** What must never happen and did. */
  readonly violations: string[];
  /** Draws whether a fault happens now, and counts it. */
  strikes(kind: string, rate: number): boolean;
  count(kind: string): void;
  disturb(forMs?: number): void;
  /** Runs something in the background; the world is not quiet before it has ended. */
  begin(work: Promise<void>): void;
  /** How long something takes on a network. */
  latencyMs(): number;
  /** A text that occurs once in this world, by which the judge knows a message again. */
  newText(): string;
}

export function createWorld(
  seed: number,
  trace: ((line: string) => void) | null,
  change: (drawn: Profile) => Profile,
): World {
  const dice = createDice(seed);
  const kernel = createKernel(trace);
  const profile = change(drawProfile(dice.fork()));
  const lanes = new Map<string, Job['payload'][]>();
  const faults = new Map<string, number>();
  const disturbances: World['disturbances'] = [];
  let texts = 0;
  let leases = 0;

  const db = createMemoryDatabase({
    nowMs: () => startOfTimeMs + kernel.nowMs(),
    newLease: () => {
      leases += 1;
      return `lease-${leases}`;
    },
    onJob(laneKey, { payload }) {
      const lane = lanes.get(laneKey);
      if (lane) lane.push(payload);
      else lanes.set(laneKey, [payload]);
    },
  });

  const world: World = {
    seed,
    kernel,
    dice,
    profile,
    db,
    isQuiet: false,
    isStoreAway: false,
    underWay: 0,
    faults,
    disturbances,
    lanes,
    violations: [],
    strikes(kind, rate) {
      if (rate === 0 || world.isQuiet || !dice.chance(rate)) return false;
      world.count(kind);
      return true;
    },
    count(kind) {
      faults.set(kind, (faults.get(kind) ?? 0) + 1);
    },
    disturb(forMs = 0) {
      disturbances.push({ fromMs: kernel.nowMs(), toMs: kernel.nowMs() + forMs });
    },
    begin(work) {
      world.underWay += 1;
      const end = () => {
        world.underWay -= 1;
      };
      work.then(end, (cause: unknown) => {
        world.violations.push(`the simulation itself threw: ${cause instanceof Error ? cause.stack : String(cause)}`);
        end();
      });
    },
    latencyMs: () => (dice.chance(0.03) ? dice.between(20, 400) : dice.between(0.2, 4)),
    newText() {
      texts += 1;
      return `#${texts}`;
    },
  };
  return world;
}

/** The text of a message of this world, in any other text. */
export const textIn = (shown: string): string | null => /#\d+/.exec(shown)?.[0] ?? null;

export type Process = Owner & {
  /** What a crash ends at once for others. */
  readonly onDeath: Set<() => void>;
  /** Ends it at once, as by kill -9; others take over. */
  crash: () => void;
};
