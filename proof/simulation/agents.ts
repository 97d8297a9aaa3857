import type { Cluster } from './cluster.ts';
import {
  type ContactName,
  createInboxServer,
  entryIdOf,
  type InboxServer,
  type StandingEntry,
} from './inbox-server.ts';
import type { World } from './world.ts';

export interface Agents {
  readonly servers: ReadonlyMap<string, InboxServer>;
  /** What agents answered. */
  readonly replies: readonly Reply[];
  /** When the gateway told the inbox that it has the event of an entry, by the entry's id. In virtual time. */
  readonly acknowledgedAtMs: ReadonlyMap<string, number>;
  /** An agent of a workspace answers a customer: one of all, or the one of this chat. */
  answer(workspaceId: string, chat?: ContactName): void;
}

export interface Reply extends StandingEntry {
  readonly workspaceId: string;
  /** Null where the agent chose one of all. */
  readonly chat: ContactName | null;
}

/** An inbox waits so long for the answer to a webhook. */
const webhookLimitMs = 5_000;
/** Intercom tries twice. */
const triesMax = 2;

/** The inboxes, the agents in them, and the webhooks about both: in any order, twice, or never. */
export function createAgents(world: World, cluster: () => Cluster, workspaceIds: readonly string[]): Agents {
  const { kernel, dice } = world;
  const replies: Reply[] = [];
  const acknowledgedAtMs = new Map<string, number>();

  const deliver = async (workspaceId: string, raw: Buffer): Promise<void> => {
    for (let tries = 1; tries <= triesMax; tries += 1) {
      const answered = await cluster().request('inbox event', webhookLimitMs, async ({ engine }) => {
        const call = {
          kind: 'intercom',
          hookPath: workspaceId,
          method: 'POST',
          url: '',
          headers: {},
          rawBody: raw,
          network: '',
        } as const;
        const receipt = await engine.receiveInboxCall({ ...call, receivedAtMs: world.db.nowMs() });
        if (receipt !== 'durable') throw new Error(`the event was ${receipt}`);
      });
      if (answered.kind === 'answered') return acknowledge(raw);
      if (tries < triesMax) await wait(dice.between(1_000, 20_000));
    }
    world.count('event given up');
  };
  const acknowledge = (raw: Buffer): void => {
    const entryId = entryIdOf(raw);
    if (entryId !== null && !acknowledgedAtMs.has(entryId)) acknowledgedAtMs.set(entryId, kernel.nowMs());
  };
  const wait = (delayMs: number): Promise<void> =>
    new Promise((resolve) => {
      kernel.after(delayMs, null, 'event waits', resolve);
    });

  const emit = (workspaceId: string, raw: Buffer): void => {
    // Before the call that caused it is answered, or long after.
    const delayMs = dice.chance(0.6) ? dice.between(0, 5) : dice.between(5, 4_000);
    world.begin(wait(delayMs).then(() => deliver(workspaceId, raw)));
  };

  const servers = new Map(workspaceIds.map((id) => [id, createInboxServer(world, id, emit)]));

  return {
    servers,
    replies,
    acknowledgedAtMs,
    answer(workspaceId, chat) {
      const reply = servers.get(workspaceId)?.answer(world.newText(), chat);
      if (reply) replies.push({ ...reply, workspaceId, chat: chat ?? null });
    },
  };
}
