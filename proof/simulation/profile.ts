import type { Dice } from './dice.ts';

/** What a seed's world is like: how large, and what goes wrong in it how often. Rates are probabilities of one call. */
export interface Profile {
  readonly replicas: number;
  readonly workspaces: number;
  readonly chats: number;
  /** Requests of callers, messages of customers and replies of agents together. */
  readonly operations: number;
  /** The operations and the faults fall into this time; what follows is quiet. */
  readonly busyMs: number;
  /** The gateway keeps below Telegram's limits by itself. */
  readonly paced: boolean;
  /** Late timers: the pause of an idle process may last this many times longer, as on a loaded machine. */
  readonly lateness: number;
  readonly telegram: TelegramFaults;
  readonly inbox: InboxFaults;
  readonly store: StoreFaults;
  readonly processes: ProcessFaults;
  /** Of updates and events: an acknowledgement that gets lost, so that the same comes again. */
  readonly repeated: number;
  readonly hangs: Hangs;
  /** Null in a world where anything may go wrong at any time. */
  readonly trouble: Trouble | null;
}

/**
 * One party is in trouble, once, and nothing else goes wrong. In such a world it can be seen whether strangers wait for the
 * party, and whether the party's own work continues as soon as it can.
 */
export interface Trouble {
  /** `chats hang`: Telegram answers no send to some chats of one bot. */
  readonly kind: (typeof troubleKinds)[number];
  readonly forMs: number;
}

export const troubleKinds = ['inbox hangs', 'inbox down', 'chats hang'] as const;
export const troublesMs = [25_000, 120_000, 3_600_000] as const;

/** How many times a party takes all calls, and answers none of them until it is well again. */
export interface Hangs {
  readonly inboxes: number;
  readonly bots: number;
}

export interface TelegramFaults {
  readonly notWritten: number;
  /** Accepted, or not, and no answer within the limit. */
  readonly silence: number;
  /** Accepted, or not, and the connection is cut. */
  readonly reset: number;
  /** Accepted, or not, and 5xx. */
  readonly brokenAnswer: number;
  /** Accepted after the limit. */
  readonly late: number;
  readonly shortLimit: number;
  readonly longLimit: number;
  readonly blocked: number;
  readonly migrated: number;
  /** How often the bot's token is revoked, and restored by a person. */
  readonly revocations: number;
}

export interface InboxFaults {
  /** 5xx or a timeout before anything was written. */
  readonly before: number;
  /** Written, and no answer. */
  readonly after: number;
  readonly limited: number;
  readonly gone: number;
  /** How many times the inbox is down, and how many times it refuses the credential. */
  readonly outages: number;
  readonly refusals: number;
  /** Our own entries come back as events. */
  readonly echo: number;
  /** An event that never comes. */
  readonly lost: number;
  /** An event that tells too little. */
  readonly incomplete: number;
  /** The platform marks our own entries. */
  readonly marked: boolean;
}

export interface StoreFaults {
  readonly before: number;
  readonly after: number;
  /** The server takes a statement back: a conflict, a deadlock. */
  readonly refused: number;
  readonly slow: number;
  readonly outages: number;
  /** Of the journal that results go to while the store is away. */
  readonly diskFull: number;
}

export interface ProcessFaults {
  /** At any moment. */
  readonly crashes: number;
  /** Just after a statement has become durable, or a message was taken. */
  readonly crashesAtOnce: number;
  /** Longer than a lease and than a sign of life. */
  readonly pauses: number;
  readonly drains: number;
  readonly skewMs: number;
}

export function drawProfile(dice: Dice): Profile {
  const drawn = drawTurmoil(dice);
  // Drawn last: what was drawn before stays what it was.
  const trouble = { kind: dice.pick(troubleKinds), forMs: dice.pick(troublesMs) };
  return dice.chance(0.02) ? withOnly(trouble, drawn) : drawn;
}

function drawTurmoil(dice: Dice): Profile {
  // A calm world now and then: there, nothing may be unknown.
  const isCalm = dice.chance(0.06);
  const often = (max: number): number => (isCalm || dice.chance(0.5) ? 0 : max * dice.uniform() ** 3);
  const times = (max: number): number => (isCalm || dice.chance(0.55) ? 0 : dice.whole(1, max));
  return {
    replicas: dice.whole(2, 3),
    workspaces: dice.chance(0.25) ? 2 : 1,
    chats: dice.chance(0.1) ? dice.whole(20, 50) : dice.whole(5, 12),
    operations: dice.whole(15, 90),
    busyMs: dice.between(3_000, 20_000),
    paced: dice.chance(0.3),
    lateness: dice.pick([1, 3, 10]),
    telegram: {
      notWritten: often(0.3),
      silence: often(0.15),
      reset: often(0.2),
      brokenAnswer: often(0.2),
      late: often(0.05),
      shortLimit: often(0.15),
      longLimit: often(0.08),
      blocked: often(0.1),
      migrated: often(0.05),
      revocations: dice.chance(0.85) ? 0 : times(1),
    },
    inbox: {
      before: often(0.3),
      after: often(0.3),
      limited: often(0.2),
      gone: often(0.04),
      outages: times(2),
      refusals: dice.chance(0.7) ? 0 : times(1),
      echo: dice.chance(0.2) ? 0 : dice.between(0.3, 1),
      lost: often(0.3),
      incomplete: dice.chance(0.5) ? 0 : 0.3,
      marked: dice.chance(0.3),
    },
    store: {
      before: often(0.08),
      after: often(0.08),
      refused: often(0.05),
      slow: often(0.1),
      outages: times(2),
      diskFull: often(0.6),
    },
    processes: {
      crashes: times(3),
      crashesAtOnce: often(0.02),
      pauses: dice.chance(0.5) ? 0 : times(2),
      drains: times(2),
      skewMs: isCalm ? 0 : dice.between(0, 10_000),
    },
    repeated: often(0.3),
    // Drawn last: what was drawn before stays what it was.
    hangs: {
      inboxes: dice.chance(0.8) ? 0 : times(2),
      bots: dice.chance(0.8) ? 0 : times(2),
    },
    trouble: null,
  };
}

/** A world where nothing goes wrong but this trouble. There are more chats in trouble than a process has lanes. */
export const withOnly = (trouble: Trouble, drawn: Profile): Profile => ({
  ...drawn,
  replicas: 2,
  workspaces: 2,
  chats: 80,
  operations: 0,
  busyMs: troubleFromMs + trouble.forMs + afterTroubleMs,
  paced: false,
  lateness: 1,
  telegram: none(drawn.telegram),
  inbox: { ...none(drawn.inbox), echo: drawn.inbox.echo, marked: drawn.inbox.marked },
  store: none(drawn.store),
  processes: { ...none(drawn.processes), skewMs: drawn.processes.skewMs },
  repeated: 0,
  hangs: none(drawn.hangs),
  trouble,
});

/** Before the trouble begins, each chat has its conversation. */
export const troubleFromMs = 15_000;
/** The world continues for so long after the trouble: the gateway asks an inbox that was down once a minute. */
export const afterTroubleMs = 120_000;

const none = <Rates extends object>(rates: Rates): { readonly [Name in keyof Rates]: Rates[Name] } =>
  Object.fromEntries(Object.entries(rates).map(([name, rate]) => [name, typeof rate === 'number' ? 0 : rate])) as Rates;
