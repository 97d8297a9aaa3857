import { markChannelActive } from '@chatferry/testkit/memory-store/channels';
import { createDisk, type Disk } from './disk.ts';
import { type FarSides, type Replica, startReplica } from './replica.ts';
import { InjectedFault } from './store-link.ts';
import type { World } from './world.ts';

/** The replicas of one gateway behind a load balancer. */
export interface Cluster {
  /** Runs a request in one of them; resolves with `cut` when the connection broke before the answer. */
  request<T>(name: string, limitMs: number, work: (replica: Replica) => Promise<T>): Promise<Answered<T>>;
  /** Ends one by kill -9, and starts another later. */
  crashOne(): void;
  pauseOne(): void;
  drainOne(): void;
  /** A person has repaired the bot's token. */
  repair(channelId: string): void;
  /** Whether a disk holds results that the store does not have. */
  hasRecords(): boolean;
  /** Whether a loop of a process is down and waits for its restart. In the quiet phase such waits are long. */
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

interface State {
  readonly world: World;
  readonly farSides: FarSides;
  readonly members: Set<Member>;
  started: number;
}

export function startCluster(world: World, farSides: FarSides): Cluster {
  const { dice, profile } = world;
  const state: State = { world, farSides, members: new Set(), started: 0 };
  const { members } = state;
  const disks: Disk[] = [];
  for (let count = 0; count < profile.replicas; count += 1) {
    const disk = createDisk(world);
    disks.push(disk);
    startMember(state, disk);
  }
  return {
    request: (name, limitMs, work) => request(state, { name, limitMs, work }),
    crashOne() {
      if (members.size > 0) crash(state, dice.pick([...members]));
    },
    pauseOne() {
      const there = serving(state);
      if (there.length === 0) return;
      world.count('pause');
      dice.pick(there).replica.pause(dice.chance(0.5) ? dice.between(10_000, 50_000) : dice.between(61_000, 100_000));
    },
    drainOne() {
      const there = serving(state);
      if (there.length < 2) return;
      world.count('drain');
      const member = dice.pick(there);
      member.isLeaving = true;
      startLater(state, member.disk);
      leaveWhenIdle(state, member);
    },
    repair(channelId) {
      markChannelActive(world.db, channelId);
    },
    hasRecords: () => disks.some(({ size }) => size > 0),
    isAiling: () => [...members].some(({ replica }) => replica.engine.failingLoops().length > 0),
  };
}

const serving = ({ members }: State): readonly Member[] => [...members].filter(({ isLeaving }) => !isLeaving);

function startMember(state: State, disk: Disk): void {
  const { world, farSides, members } = state;
  state.started += 1;
  const onCrash = () => crash(state, member);
  const member: Member = {
    replica: startReplica(world, `r${state.started}`, { farSides, disk, onCrash }),
    disk,
    open: 0,
    isLeaving: false,
  };
  members.add(member);
  member.replica.start().catch((cause: unknown) => {
    if (!(cause instanceof InjectedFault)) world.violations.push(`a start threw: ${String(cause)}`);
    crash(state, member);
  });
}

/** On the same machine, as its supervisor does. */
function startLater(state: State, disk: Disk): void {
  const { kernel, dice } = state.world;
  state.world.underWay += 1;
  kernel.after(dice.between(200, 12_000), null, 'restart', () => {
    state.world.underWay -= 1;
    startMember(state, disk);
  });
}

function crash(state: State, member: Member): void {
  if (!state.members.delete(member)) return;
  state.world.count('crash');
  member.replica.crash();
  startLater(state, member.disk);
}

function leaveWhenIdle(state: State, member: Member): void {
  const { process, drain } = member.replica;
  if (process.isDead) return;
  if (member.open > 0) {
    state.world.kernel.after(500, null, 'draining', () => leaveWhenIdle(state, member));
    return;
  }
  const drained = new Promise<void>((resolve, reject) => {
    // Also when it crashes while it drains.
    process.onDeath.add(resolve);
    drain().catch(reject);
  });
  state.world.begin(
    drained.then(() => {
      state.members.delete(member);
    }),
  );
}

interface Request<T> {
  readonly name: string;
  readonly limitMs: number;
  readonly work: (replica: Replica) => Promise<T>;
}

function request<T>(state: State, asked: Request<T>): Promise<Answered<T>> {
  const { world } = state;
  const { kernel, dice } = world;
  return new Promise((resolve) => {
    kernel.after(world.latencyMs(), null, asked.name, () => {
      const there = serving(state);
      if (there.length === 0) resolve({ kind: 'cut' });
      else serve(world, dice.pick(there), asked, resolve);
    });
  });
}

/** One request in one replica. Its connection breaks when the replica dies, and when the caller has waited long enough. */
function serve<T>(
  world: World,
  member: Member,
  { name, limitMs, work }: Request<T>,
  resolve: (answered: Answered<T>) => void,
): void {
  const { kernel, profile } = world;
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
}
