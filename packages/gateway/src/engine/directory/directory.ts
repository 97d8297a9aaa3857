import type { Channel } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Inbox, InboxOutcome, Teammate } from '../../ports/inbox.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import { type Cache, createCache } from './cache.ts';

export interface OpenChannel {
  readonly record: ChannelRecord;
  readonly channel: Channel;
}

export interface OpenWorkspace {
  readonly record: WorkspaceRecord;
  readonly inbox: Inbox;
  /** Who may appear as the sender. Up to 15 minutes old, or older while the inbox is down. Null if no list was ever read. */
  teammates(): Promise<readonly Teammate[] | null>;
}

/** Opened channels and workspaces, at most five seconds behind the store, so that changes of other replicas are seen. */
export interface Directory {
  channel(id: string): Promise<OpenChannel | null> | OpenChannel | null;
  channelByHookPath(hookPath: string): Promise<OpenChannel | null> | OpenChannel | null;
  workspace(id: string): Promise<OpenWorkspace | null> | OpenWorkspace | null;
  workspaceByHookPath(hookPath: string): Promise<OpenWorkspace | null> | OpenWorkspace | null;
  /** The workspaces of an account that the settings' or the vendor's origin vouched for. */
  workspacesOfAccount(
    inboxKind: WorkspaceRecord['inboxKind'],
    inboxAccount: string,
  ): Promise<readonly OpenWorkspace[]> | readonly OpenWorkspace[];
  /** The id of a workspace's channel if it has exactly one, else null. */
  onlyChannelOf(workspaceId: string): Promise<string | null> | string | null;
  /** Drops all cached records, after a change by this process. */
  refresh(): void;
}

export interface DirectorySource {
  readonly store: StoreSlice<{
    readonly channels: 'read' | 'readByHookPath' | 'list';
    readonly workspaces: 'read' | 'readByHookPath' | 'listOfAccount';
  }>;
  /** The origin that vouches for accounts at the address that all of them share: that of the settings, or of the vendor. */
  sharedOriginOf(inboxKind: WorkspaceRecord['inboxKind']): string;
  openChannel(record: ChannelRecord): Channel;
  openInbox(record: WorkspaceRecord): Inbox;
}

const teammatesStaleAfterMs = 15 * 60_000;
/** The shortest wait between two tries while the inbox does not answer. */
const teammatesRetryMs = 30_000;
const entriesMax = 100_000;

export function createDirectory(source: DirectorySource, clock: Clock, ttlMs: () => number): Directory {
  const openChannels = new Map<string, OpenChannel>();
  const openWorkspaces = new Map<string, OpenWorkspace>();

  /** A channel object is used until one of the values that it was opened with changes. */
  const openChannel = (record: ChannelRecord | null): OpenChannel | null => {
    if (!record) return null;
    const before = openChannels.get(record.id);
    const reusable = before !== undefined && isOpenedAlike(before.record, record) ? before : null;
    const open = { record, channel: reusable?.channel ?? source.openChannel(record) };
    openChannels.set(record.id, open);
    return open;
  };

  const openWorkspace = (record: WorkspaceRecord | null): OpenWorkspace | null => {
    if (!record) return null;
    const before = openWorkspaces.get(record.id);
    const reusable = before !== undefined && isConnectedAlike(before.record, record) ? before : null;
    const inbox = reusable?.inbox ?? source.openInbox(record);
    const open = { record, inbox, teammates: reusable?.teammates ?? cachedTeammates(inbox, clock) };
    openWorkspaces.set(record.id, open);
    return open;
  };

  const cache = <V>(load: (key: string) => Promise<V>) => createCache<V>({ clock, ttlMs, sizeMax: entriesMax, load });

  const channels = cache(async (id) => openChannel(await source.store.channels.read(id)));
  const hookPaths = cache(async (path) => openChannel(await source.store.channels.readByHookPath(path)));
  const workspaces = cache(async (id) => openWorkspace(await source.store.workspaces.read(id)));
  const workspacePaths = cache(async (path) => openWorkspace(await source.store.workspaces.readByHookPath(path)));
  const accounts = new Map<string, Cache<readonly OpenWorkspace[]>>();
  const accountsOf = (inboxKind: WorkspaceRecord['inboxKind']) => {
    const known = accounts.get(inboxKind);
    if (known) return known;
    const made = cache(async (inboxAccount) => {
      const records = await source.store.workspaces.listOfAccount(
        inboxKind,
        source.sharedOriginOf(inboxKind),
        inboxAccount,
      );
      return records.flatMap((record) => openWorkspace(record) ?? []);
    });
    accounts.set(inboxKind, made);
    return made;
  };
  const onlyChannels = cache(async (workspaceId) => {
    const [first, ...others] = await source.store.channels.list({ workspaceId });
    return first && others.length === 0 ? first.id : null;
  });

  return {
    channel: channels.get,
    channelByHookPath: (hookPath) => (isHookPath(hookPath) ? hookPaths.get(hookPath) : null),
    workspace: workspaces.get,
    workspaceByHookPath: (hookPath) => (isHookPath(hookPath) ? workspacePaths.get(hookPath) : null),
    workspacesOfAccount: (inboxKind, inboxAccount) =>
      isAccount(inboxAccount) ? accountsOf(inboxKind).get(inboxAccount) : [],
    onlyChannelOf: onlyChannels.get,
    refresh() {
      channels.clear();
      hookPaths.clear();
      workspaces.clear();
      workspacePaths.clear();
      for (const account of accounts.values()) account.clear();
      onlyChannels.clear();
    },
  };
}

const isOpenedAlike = (a: ChannelRecord, b: ChannelRecord): boolean =>
  a.token.equals(b.token) && a.apiRoot === b.apiRoot && a.fileRoot === b.fileRoot && a.updates === b.updates;

const isConnectedAlike = (a: WorkspaceRecord, b: WorkspaceRecord): boolean =>
  a.inboxCredential.equals(b.inboxCredential) &&
  a.defaultSender === b.defaultSender &&
  JSON.stringify(a.inboxSettings) === JSON.stringify(b.inboxSettings);

function cachedTeammates(inbox: Inbox, clock: Clock): () => Promise<readonly Teammate[] | null> {
  let known: readonly Teammate[] | null = null;
  let askAgainMs = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | null = null;

  const ask = async () => {
    askAgainMs = clock.monotonicMs() + teammatesRetryMs;
    const outcome: InboxOutcome<readonly Teammate[]> = await inbox.listTeammates();
    if (outcome.kind !== 'ok') return;
    known = outcome.value;
    askAgainMs = clock.monotonicMs() + teammatesStaleAfterMs;
  };

  return async () => {
    if (clock.monotonicMs() >= askAgainMs) {
      asking ??= ask().finally(() => {
        asking = null;
      });
    }
    if (known === null) await asking;
    // An old list is used while a new one is fetched. No caller waits for the new one. If it fails (a store that does not
    // accept a rotated token), the next call to the inbox fails too, but this failure must not end the process.
    else asking?.catch(() => known);
    return known;
  };
}

/** Values from an address or a body that cannot be valid are not looked up. PostgreSQL would refuse some of them. */
const isHookPath = (text: string): boolean => /^[A-Za-z0-9_-]{16,64}$/.test(text);
const isAccount = (text: string): boolean => /^[\x21-\x7e]{1,100}$/.test(text);
