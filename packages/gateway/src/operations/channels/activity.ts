import type { Channel as ChannelView } from '@chatferry/contract';
import type { ActivityLeg } from '../../store/activity.ts';
import type { ChannelRecord } from '../../store/channels.ts';

type Activity = ChannelView['activity'];

export interface ActivityStore {
  readActivity(
    ownerIds: readonly string[],
  ): Promise<readonly { readonly ownerId: string; readonly leg: ActivityLeg; readonly at: Date }[]>;
}

export const noActivity: Activity = {
  last_update_at: null,
  last_sent_at: null,
  last_entry_at: null,
  last_inbox_event_at: null,
};

/** When the legs of these channels were alive last. */
export async function activityOf(
  store: ActivityStore,
  channels: readonly Pick<ChannelRecord, 'id' | 'workspaceId'>[],
): Promise<(channel: Pick<ChannelRecord, 'id' | 'workspaceId'>) => Activity> {
  const owners = new Set(channels.flatMap(({ id, workspaceId }) => [id, workspaceId]));
  const rows = owners.size === 0 ? [] : await store.readActivity([...owners]);
  const times = new Map(rows.map(({ ownerId, leg, at }) => [`${ownerId}:${leg}`, at.toISOString()]));
  const timeOf = (ownerId: string, leg: ActivityLeg) => times.get(`${ownerId}:${leg}`) ?? null;
  return ({ id, workspaceId }) => ({
    last_update_at: timeOf(id, 'update'),
    last_sent_at: timeOf(id, 'sent'),
    last_entry_at: timeOf(id, 'entry'),
    last_inbox_event_at: timeOf(workspaceId, 'event'),
  });
}
