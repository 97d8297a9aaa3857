import { markChannelActive } from '@chatferry/testkit/memory-store/registry';
import { createDisk, type Disk } from './disk.ts';
import { type FarSides, type Replica, startReplica } from './replica.ts';
import { InjectedFault } from './store-link.ts';
import type { World } from './world.ts';

/** The replicas of one gateway behind a load balancer. */
export interface Cluster {
  /** Runs a request in one of them; resolves with null where the connection broke before the answer. */
  request<T>(name: string, limitMs: number, work: (replica: Replica) => Promise<T>): Promise<Answered<T>>;
  /** Ends one by kill -9, and starts another later. */
  crashOne(): void;
  pauseOne(): void;
  drainOne(): void;
  /** A person has seen to the bot's token. */
  mend(channelId: string): void;
  /** Whether results lie on a disk that the store does not know. */
  hasRecords(): boolean;
  /** Whether a loop of some process is down and waits for its restart: in quiet its waits are long. */
  isAiling(): boolean;
}

export type Answered<T> =
  | { readonly kind: 'answered'; readonly value: T }
  | { readonly kind: 'threw'; readonly cause: unknown }
  | { readonly kind: 'cut' };

interface Member {
  readonly replica: Replica;
  readonly disk: Disk;
  open: number;
  isLeaving: boolean;
}

export function startCluster(world: World, farSides: FarSides): Cluster {
  const { kernel, dice, profile } = world;
  const members = new Set<Member>();
  const disks: Disk[] = [];
  let started = 0;

  const start = (disk: Disk): void => {
    started += 1;
    const onCrash = () => crash(member);
    const member: Member = {
      replica: startReplica(world, `r${started}`, { farSides, disk, onCrash }),
      disk,
      open: 0,
      isLeaving: false,
    };
    members.add(member);
    member.replica.start().catch((cause: unknown) => {
      if (!(cause instanceof InjectedFault)) world.violations.push(`a start threw: ${String(cause)}`);
      crash(member);
    });
  };

  /** On the same machine, as its supervisor does. */
  const startLater = (disk: Disk): void => {
    world.underWay += 1;
    kernel.after(dice.between(200, 12_000), null, 'restart', () => {
      world.underWay -= 1;
      start(disk);
    });
  };
  const crash = (member: Member): void => {
    if (!members.delete(member)) return;
    world.count('crash');
    member.replica.crash();
    startLater(member.disk);
  };
  for (let count = 0; count < profile.replicas; count += 1) {
    const disk = createDisk(world);
    disks.push(disk);
    start(disk);
  }

  const serving = (): readonly Member[] => [...members].filter(({ isLeaving }) => !isLeaving);

  const leaveWhenIdle = (member: Member): void => {
    if (member.replica.process.isDead) return;
    if (member.open > 0) {
      kernel.after(500, null, 'draining', () => leaveWhenIdle(member));
      return;
    }
    const { process, drain } = member.replica;
    const drained = new Promise<void>((resolve, reject) => {
      // Also where it crashes meanwhile.
      process.onDeath.add(resolve);
      drain().catch(reject);
    });
    world.begin(
      drained.then(() => {
        members.delete(member);
      }),
    );
  };

  return {
    request<T>(name: string, limitMs: number, work: (replica: Replica) => Promise<T>) {
      return new Promise<Answered<T>>((resolve) => {
        kernel.after(world.latencyMs(), null, name, () => {
          const there = serving();
          if (there.length === 0) return resolve({ kind: 'cut' });
          const member = dice.pick(there);
          const { process } = member.replica;
          member.open += 1;
          let isOver = false;
          const end = (answered: Answered<T>): void => {
            if (isOver) return;
            isOver = true;
            member.open -= 1;
            kernel.cancel(limit);
            process.onDeath.delete(cut);
            resolve(answered);
          };
          const cut = () => end({ kind: 'cut' });
          const limit = kernel.after(limitMs, null, `${name} waited long enough`, cut);
          process.onDeath.add(cut);
          const answer = (answered: Answered<T>): void => {
            kernel.after(world.latencyMs(), process, `${name} answered`, () => {
              if (world.strikes('answer lost', profile.repeated)) cut();
              else end(answered);
            });
          };
          // A paused process reads it when it wakes up.
          kernel.after(0, process, `${name} begins`, () => {
            work(member.replica).then(
              (value) => answer({ kind: 'answered', value }),
              (cause: unknown) => answer({ kind: 'threw', cause }),
            );
          });
        });
      });
    },
    crashOne() {
      if (members.size > 0) crash(dice.pick([...members]));
    },
    pauseOne() {
      const there = serving();
      if (there.length === 0) return;
      world.count('pause');
      dice.pick(there).replica.pause(dice.chance(0.5) ? dice.between(10_000, 50_000) : dice.between(61_000, 100_000));
    },
    drainOne() {
      const there = serving();
      if (there.length < 2) return;
      world.count('drain');
      const member = dice.pick(there);
      member.isLeaving = true;
      startLater(member.disk);
      leaveWhenIdle(member);
    },
    mend(channelId) {
      markChannelActive(world.db, channelId);
    },
    hasRecords: () => disks.some(({ size }) => size > 0),
    isAiling: () => [...members].some(({ replica }) => replica.engine.ailing().length > 0),
  };
}
