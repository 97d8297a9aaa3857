/** How much is measured. Everything is bounded in count or time. */
export interface Plan {
  readonly name: 'full' | 'quick';
  /** Rounds of every interleaved comparison; figures are medians over them. */
  readonly rounds: number;
  readonly roundMs: number;
  /** Of open loops. */
  readonly warmUpMs: number;
  /** Answers of every target before it is measured: until its code is compiled and its caches are full. */
  readonly warmUpSends: number;
  readonly startRounds: number;
  readonly idleSends: number;
  readonly steadyMs: number;
  readonly intakeMs: number;
  readonly mirrorMs: number;
  readonly mirrorChats: number;
  /** For the flatness of the cost of a send. */
  readonly channels: { readonly few: number; readonly many: number };
  readonly storedMessages: number;
  /** The run is given up after this. */
  readonly limitMs: number;
}

export const fullPlan: Plan = {
  name: 'full',
  rounds: 5,
  roundMs: 3_000,
  warmUpMs: 3_000,
  warmUpSends: 12_000,
  startRounds: 3,
  idleSends: 150,
  steadyMs: 3_000,
  intakeMs: 4_000,
  mirrorMs: 10_000,
  mirrorChats: 300,
  channels: { few: 10, many: 10_000 },
  storedMessages: 1_000_000,
  limitMs: 1_500_000,
};

export const quickPlan: Plan = {
  name: 'quick',
  rounds: 1,
  roundMs: 1_000,
  warmUpMs: 700,
  warmUpSends: 1_000,
  startRounds: 1,
  idleSends: 60,
  steadyMs: 1_000,
  intakeMs: 1_000,
  mirrorMs: 2_000,
  mirrorChats: 60,
  channels: { few: 10, many: 50 },
  storedMessages: 20_000,
  limitMs: 300_000,
};

/** Callers that wait for their answer at the same time, in every closed loop. */
export const inFlight = 64;
/** Chats that the sends go to, in turn: far more than are in flight, as one chat takes one send at a time. */
export const chats = 10_000;
export const steadyPerSecond = 200;
export const telegramLatencyMs = 80;
export const intakePerSecond = 1_000;
export const mirroredPerSecond = 100;
