import type { ChannelLeg, Channel as ChannelView } from '@chatferry/contract';
import { type LegFacts, type LegSubject, legOf, unseen } from '../../core/health/channel-legs.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { InboxKind, InboxKindName } from '../../ports/inbox-kind.ts';
import type { ActivityLeg } from '../../store/activity.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { StoreSlice } from '../../store/store.ts';
import { inboxHookUrl } from '../workspaces/hook-urls.ts';

export interface ChannelHealthDeps {
  readonly store: StoreSlice<{ readonly activity: 'read'; readonly workspaces: 'read' }>;
  readonly publicUrl: string | null;
  readonly channelKind: ChannelKind;
  readonly inboxKinds: Readonly<Record<InboxKindName, InboxKind>>;
}

/** When the legs of a channel worked last, and their state. */
export interface ChannelHealth {
  readonly activity: ChannelView['activity'];
  readonly legs: readonly ChannelLeg[];
  readonly subject: LegSubject;
  factsOf(name: ChannelLeg['name']): LegFacts;
}

/** Reads the activity and the state of the legs of several channels at once. */
export async function readChannelHealth(
  { store, publicUrl, channelKind, inboxKinds }: ChannelHealthDeps,
  channels: readonly ChannelRecord[],
): Promise<(channel: ChannelRecord) => ChannelHealth> {
  const workspaceIds = [...new Set(channels.map(({ workspaceId }) => workspaceId))];
  const owners = [...channels.map(({ id }) => id), ...workspaceIds];
  const [records, workspaces] = await Promise.all([
    owners.length === 0 ? [] : store.activity.read(owners),
    Promise.all(workspaceIds.map((id) => store.workspaces.read(id))),
  ]);
  const byLeg = new Map(records.map((record) => [`${record.ownerId}:${record.leg}`, record]));
  const workspaceOf = new Map(workspaces.flatMap((one) => (one === null ? [] : [[one.id, one] as const])));

  return (channel) => {
    const workspace = workspaceOf.get(channel.workspaceId);
    if (!workspace) throw new Error(`channel ${channel.id} has no workspace`);
    const timeOf = (ownerId: string, leg: ActivityLeg) => byLeg.get(`${ownerId}:${leg}`)?.at?.toISOString() ?? null;
    const placeOf: Readonly<Record<ChannelLeg['name'], readonly [string, ActivityLeg]>> = {
      telegram_in: [channel.id, 'update'],
      telegram_out: [channel.id, 'sent'],
      inbox_in: [workspace.id, 'event'],
      inbox_out: [workspace.id, 'entry'],
      grant: [workspace.id, 'grant'],
    };
    const factsOf = (name: ChannelLeg['name']): LegFacts => {
      const [ownerId, leg] = placeOf[name];
      const record = byLeg.get(`${ownerId}:${leg}`);
      if (record === undefined) return unseen;
      return {
        since: record.since?.toISOString() ?? null,
        failingSince: record.failingSince?.toISOString() ?? null,
        problem: record.problem,
      };
    };
    const activity = {
      last_update_at: timeOf(channel.id, 'update'),
      last_sent_at: timeOf(channel.id, 'sent'),
      last_entry_at: timeOf(channel.id, 'entry'),
      last_inbox_event_at: timeOf(workspace.id, 'event'),
    };
    const inboxKind = inboxKinds[workspace.inboxKind];
    const inboxUrl = inboxHookUrl(publicUrl, inboxKind, workspace);
    const subject: LegSubject = {
      channelId: channel.id,
      workspaceId: workspace.id,
      channelState: channel.state,
      channelWords: channelKind,
      credentialRemedy: inboxKind.credentialRemedy(workspace.id, workspace.inboxSettings['client_id'] !== undefined),
      eventsRemedy:
        inboxUrl === null
          ? 'Set CHATFERRY_PUBLIC_URL, so that the inbox can report to this gateway.'
          : inboxKind.eventsRemedy({ url: inboxUrl, channelId: channel.id }),
      inboxUrl,
      topics: inboxKind.webhookTopics,
      lastEntryAt: activity.last_entry_at,
    };
    const names = ['telegram_in', 'telegram_out', 'inbox_in', 'inbox_out', 'grant'] as const;
    return { activity, subject, factsOf, legs: names.map((name) => legOf(name, factsOf(name), subject)) };
  };
}
