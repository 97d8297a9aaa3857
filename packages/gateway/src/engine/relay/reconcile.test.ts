import { createVirtualClock } from '@chatferry/testkit/clocks/virtual-clock';
import { scriptedChannel, startEngineRig } from '@chatferry/testkit/rigs/engine-rig';
import { describe, expect, it } from 'vitest';
import { inboxKinds } from '../../adapters/registry.ts';
import type { Inbox, InboxOutcome } from '../../ports/inbox.ts';
import type { Directory, OpenWorkspace } from '../directory/directory.ts';
import { reconcileLoop } from './reconcile.ts';

const rig = await startEngineRig();
const { pool } = rig.database;
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const dayMs = 24 * 3_600_000;
const everyMs = 300_000;

/** One linked conversation, and a scripted inbox that records what it is asked. */
async function start(given: { readonly linkedAgoMs?: number; readonly changed?: InboxOutcome<never> } = {}) {
  const nowMs = Date.now();
  const clock = createVirtualClock(nowMs);
  const channel = await rig.addChannel();
  const { workspaceId } = channel;
  await pool.query(
    `insert into conversations (workspace_id, channel_id, chat_id, inbox_conversation_id, linked_at)
     values ($1, $2, 42, 'ours', to_timestamp($3::float8 / 1000))`,
    [workspaceId, channel.id, nowMs - (given.linkedAgoMs ?? 30 * dayMs)],
  );
  const asked: { readonly what: string; readonly agoMs: number }[] = [];
  const inbox: Pick<Inbox, 'changedConversations' | 'recentEvents'> = {
    async changedConversations(sinceMs) {
      asked.push({ what: 'changed', agoMs: clock.nowMs() - sinceMs });
      return given.changed ?? { kind: 'ok', value: { conversationIds: ['ours', 'theirs'], nextCursor: null } };
    },
    async recentEvents(conversationId, sinceMs) {
      asked.push({ what: conversationId, agoMs: nowMs - sinceMs });
      return { kind: 'ok', value: [] };
    },
  };
  const record = await rig.store.workspaces.read(workspaceId);
  if (!record) throw new Error('the workspace is not stored');
  const directory: Pick<Directory, 'workspace' | 'channel'> = {
    workspace: (id) => (id === workspaceId ? ({ record, inbox } as OpenWorkspace) : null),
    channel: () => ({ record: channel, channel: scriptedChannel({}) }),
  };
  const states = async () =>
    (await rig.store.reconciliation.list()).filter((state) => state.workspaceId === workspaceId);
  const loop = reconcileLoop({
    store: { ...rig.store, reconciliation: { ...rig.store.reconciliation, list: states } },
    health: { markWorkspaceBroken: async () => undefined, markWorkspaceActive: async () => undefined },
    directory: directory as Directory,
    inboxKinds,
    clock,
    log: quiet,
    everyMs,
    onFound: () => undefined,
  });
  return {
    clock,
    workspaceId,
    asked,
    position: async () => (await states())[0]?.reconciledAtMs ?? null,
    /** Runs rounds, advances the clock between them, and stops. */
    async run(rounds: number) {
      const stopping = new AbortController();
      const running = loop.run(stopping.signal);
      for (let round = 0; round < rounds; ) {
        await clock.whenAsleep();
        if (clock.sleeping().includes(everyMs)) round += 1;
        if (round < rounds) clock.advance(clock.sleeping()[0] ?? 0);
      }
      stopping.abort();
      clock.advance(everyMs);
      await running;
    },
  };
}

describe('the search for replies whose events did not arrive', () => {
  it('reads only the gateway’s conversations, and at most the last day', async () => {
    const { run, asked, position, clock } = await start();
    const startedAtMs = clock.nowMs();
    await run(1);
    expect(asked).toEqual([
      { what: 'changed', agoMs: dayMs },
      { what: 'ours', agoMs: dayMs },
    ]);
    expect(await position()).toBe(startedAtMs);
  });

  it('reads no entry that is older than the link to the conversation', async () => {
    const { run, asked } = await start({ linkedAgoMs: 3_600_000 });
    await run(1);
    expect(asked.find(({ what }) => what === 'ours')?.agoMs).toBe(3_600_000 + 60_000);
  });

  it('continues where it ended, with an overlap longer than Intercom’s repetition takes', async () => {
    const { run, asked } = await start();
    await run(2);
    const [, second] = asked.filter(({ what }) => what === 'changed');
    expect(second?.agoMs).toBeGreaterThan(everyMs + 60_000);
    expect(second?.agoMs).toBeLessThan(everyMs + 600_000);
  });

  it('searches the same time again if the inbox did not answer', async () => {
    const { run, asked, position } = await start({
      changed: { kind: 'deferred', retryAfterMs: null, detail: 'HTTP 503' },
    });
    await run(2);
    expect(asked).toEqual([
      { what: 'changed', agoMs: dayMs },
      { what: 'changed', agoMs: dayMs },
    ]);
    expect(await position()).toBeNull();
  });

  it('leaves a workspace to the process that is searching it', async () => {
    const { run, asked, workspaceId } = await start();
    const other = await rig.anotherProcess();
    expect(await other.store.leases.acquire(`reconcile:${workspaceId}`, 60_000)).toBe(true);
    await run(1);
    expect(asked).toEqual([]);
  });
});
