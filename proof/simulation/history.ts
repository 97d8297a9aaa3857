import { defaultChannelOptions, defaultConversationRules } from '@chatferry/contract';
import type { ChannelRecord } from '@chatferry/gateway/internal/store/channels';
import { insertChannel } from '@chatferry/testkit/memory-store/channels';
import { insertWorkspace } from '@chatferry/testkit/memory-store/workspaces';
import { type Agents, createAgents } from './agents.ts';
import { type Backends, createBackends } from './backends.ts';
import { type Callers, createCallers } from './callers.ts';
import type { ChatOfBot } from './chat-of-bot.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { type Customers, createCustomers } from './customers.ts';
import { linkToInbox } from './inbox-link.ts';
import type { Profile } from './profile.ts';
import { reconcileEveryMs } from './replica.ts';
import { createTelegram, type Telegram } from './telegram.ts';
import { planTroubledLife, type TroubleOfWorld } from './trouble.ts';
import { createWorld, type World } from './world.ts';

/** What happened in one world, for the judge. */
export interface History {
  readonly world: World;
  readonly telegram: Telegram;
  readonly agents: Agents;
  readonly callers: Callers;
  readonly customers: Customers;
  readonly backends: Backends;
  readonly trouble: TroubleOfWorld | null;
  /** Whether everything came to its end. */
  readonly isQuiet: boolean;
}

/** After the last fault everything must have come to its end within this time. */
const quietLimitMs = 3 * 3_600_000;

/**
 * Lives through the world of a seed: operations and faults mixed, then quiet until nothing is open any more. `change` makes
 * another world of the one that the seed draws.
 */
export async function liveThrough(
  seed: number,
  trace: ((line: string) => void) | null = null,
  change: (drawn: Profile) => Profile = (drawn) => drawn,
): Promise<History> {
  const world = createWorld(seed, trace, change);
  const { kernel, dice, profile, db } = world;
  const channels = furnish(world);
  const telegram = createTelegram(world);
  const agents = createAgents(world, () => cluster, [...db.workspaces.keys()]);
  const backends = createBackends(world);
  const cluster: Cluster = startCluster(world, {
    webhookClient: backends.clientOf,
    openChannel: (process, record) => telegram.open(process, record.id),
    openInbox(process, record, onAnswer) {
      const server = agents.servers.get(record.id);
      if (!server) throw new Error(`the workspace ${record.id} has no inbox`);
      return linkToInbox(world, process, server, onAnswer);
    },
  });
  const callers = createCallers(world, cluster);
  const customers = createCustomers(world, cluster, telegram);

  const chats = channels.flatMap((channel) =>
    Array.from({ length: Math.ceil(profile.chats / channels.length) }, (_, index) => ({
      channel,
      chatId: index % 5 === 4 ? `-1${index}` : `5${index}`,
    })),
  );
  // Some chats are busier than others.
  const aChat = () => chats[Math.floor(dice.uniform() ** 2 * chats.length)] ?? dice.pick(chats);
  for (let count = 0; count < profile.operations; count += 1) {
    kernel.after(dice.between(0, profile.busyMs), null, 'operation', () => {
      const { channel, chatId } = aChat();
      const kind = dice.uniform();
      if (kind < 0.5) callers.order(channel, chatId);
      else if (kind < 0.75) customers.speak(channel, chatId);
      else agents.answer(channel.workspaceId);
    });
  }
  planTrouble(world, { cluster, telegram, agents, channels, chats });
  const trouble =
    profile.trouble && planTroubledLife(world, profile.trouble, { telegram, agents, callers, customers, chats });
  kernel.after(profile.busyMs, null, 'quiet', () => {
    world.isQuiet = true;
  });
  const isQuiet = await kernel.run(whetherSettled(world, cluster, backends), 500, profile.busyMs + quietLimitMs);
  return { world, telegram, agents, callers, customers, backends, trouble, isQuiet };
}

function furnish({ db, profile }: World): readonly ChannelRecord[] {
  return Array.from({ length: profile.workspaces }, (_, index) => {
    const workspaceId = `wsp${index}`;
    insertWorkspace(db, {
      id: workspaceId,
      name: 'Acme',
      inboxKind: 'intercom',
      inboxSettings: {},
      inboxCredential: Buffer.from('sealed'),
      defaultSender: null,
      inboxAccount: null,
      inboxOrigin: null,
      conversationRules: defaultConversationRules('intercom'),
      hookPath: workspaceId,
    });
    const row = {
      id: `chn${index}`,
      workspaceId,
      name: '@acme_bot',
      bot: { botId: String(index), username: 'acme_bot', name: 'Acme', supportsInlineQueries: false },
      token: Buffer.from('sealed'),
      webhookSecret: Buffer.from('sealed'),
      hookPath: `chn${index}`,
      updates: 'webhook',
      apiRoot: '',
      fileRoot: '',
      inboxRef: {},
    } as const;
    const channel = insertChannel(db, row, defaultChannelOptions);
    if (!channel) throw new Error('the bot has a channel already');
    return channel;
  });
}

interface Parts {
  readonly cluster: Cluster;
  readonly telegram: Telegram;
  readonly agents: Agents;
  readonly channels: readonly ChannelRecord[];
  readonly chats: readonly ChatOfBot[];
}

/** Faults that begin at a moment, and most of them end at another. */
function planTrouble(world: World, { cluster, telegram, agents, channels, chats }: Parts): void {
  const { kernel, dice, profile } = world;
  const sometime = (count: number, label: string, begin: () => void): void => {
    for (let index = 0; index < count; index += 1) {
      kernel.after(dice.between(0, profile.busyMs), null, label, begin);
    }
  };
  const during = (minMs: number, maxMs: number, label: string, end: () => void): number => {
    const forMs = dice.between(minMs, maxMs);
    world.underWay += 1;
    kernel.after(forMs, null, `${label} ends`, () => {
      world.underWay -= 1;
      end();
    });
    return forMs;
  };
  sometime(profile.processes.crashes, 'crash', cluster.crashOne);
  sometime(profile.processes.pauses, 'pause', cluster.pauseOne);
  sometime(profile.processes.drains, 'drain', cluster.drainOne);
  sometime(profile.store.outages, 'store outage', () => {
    world.count('store outage');
    world.isStoreAway = true;
    world.disturb(
      during(200, 20_000, 'store outage', () => {
        world.isStoreAway = false;
      }),
    );
  });
  for (const server of agents.servers.values()) {
    sometime(profile.inbox.outages, 'inbox outage', () => {
      world.count('inbox outage');
      server.isDown = true;
      during(1_000, 40_000, 'inbox outage', () => {
        server.isDown = false;
      });
    });
    sometime(profile.hangs.inboxes, 'inbox hangs', () => {
      server.hangs = true;
      during(2_000, 60_000, 'inbox hangs', () => {
        server.hangs = false;
      });
    });
    sometime(profile.inbox.refusals, 'inbox refuses', () => {
      world.count('inbox credential refused');
      server.refusesCredential = true;
      during(1_000, 20_000, 'inbox refusal', () => {
        server.refusesCredential = false;
      });
    });
  }
  sometime(profile.hangs.bots, 'bot hangs', () => {
    const { id } = dice.pick(channels);
    const hanging = chats.flatMap(({ channel, chatId }) => (channel.id === id ? [`${id}:${chatId}` as const] : []));
    telegram.hang(hanging);
    during(2_000, 60_000, 'bot hangs', () => telegram.answer(hanging));
  });
  sometime(profile.telegram.revocations, 'token revoked', () => {
    const { id } = dice.pick(channels);
    world.count('bot token revoked');
    telegram.revoke(id);
    during(1_000, 10_000, 'revocation', () => {
      telegram.restore(id);
      // A person checks the channel, also after a send that was on its way said once more that it is broken.
      kernel.after(2_000, null, 'repaired', () => cluster.repair(id));
      kernel.after(90_000, null, 'repaired', () => cluster.repair(id));
    });
  });
}

/** Time for the sweeps to find what no event reported, or what was reported before the conversation was known. */
const sweepsMs = 2.2 * reconcileEveryMs;
/** A process looks later when another one, whose clock is ahead, has just looked. */
const skewsMax = 2;

/** Whether nothing is open any more, and has not been for as long as the sweeps take to find what is missing. */
function whetherSettled(world: World, cluster: Cluster, backends: Backends): () => boolean {
  let busyAtMs = 0;
  return () => {
    const nowMs = world.kernel.nowMs();
    const isOpen = isBusy(world) || cluster.hasRecords() || cluster.isAiling() || backends.hasOpenEvents();
    if (isOpen) busyAtMs = nowMs;
    return nowMs - busyAtMs > sweepsMs + skewsMax * world.profile.processes.skewMs;
  };
}

function isBusy({ db, isQuiet, underWay }: World): boolean {
  if (!isQuiet || underWay > 0 || db.lanes.size > 0 || db.flights.size > 0) return true;
  for (const { state } of db.messages.values()) if (state === 'pending' || state === 'sending') return true;
  for (const { state } of db.updates.values()) if (state === 'stored') return true;
  return false;
}
