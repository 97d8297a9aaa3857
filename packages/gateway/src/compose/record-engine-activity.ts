import type { MirrorStore } from '../engine/mirror/mirror-message.ts';
import type { ActivityRecorder } from '../engine/upkeep/record-activity.ts';

/**
 * Marks the leg of a workspace's events as failing: a search of the inbox found replies whose event never arrived.
 */
export const recordMissedReplies =
  (activity: ActivityRecorder) =>
  (id: string, count: number): void =>
    activity.markFailing(
      { workspaceId: id, ownerId: id, leg: 'event' },
      `${count} ${count === 1 ? 'reply was' : 'replies were'} found by a search, without an event from the inbox`,
    );

/** The same store. Each recorded entry also counts as activity of the channel. */
export function recordingEntries(store: MirrorStore, activity: ActivityRecorder): MirrorStore {
  const recording =
    (record: MirrorStore['mirror']['recordMirrored']): MirrorStore['mirror']['recordMirrored'] =>
    async (message, ...entry) => {
      await record(message, ...entry);
      const { workspaceId, channelId } = message.key;
      activity.mark({ workspaceId, ownerId: channelId, leg: 'entry' });
    };
  const { recordMirrored, recordPartMirrored } = store.mirror;
  return {
    ...store,
    mirror: {
      ...store.mirror,
      recordMirrored: recording(recordMirrored),
      recordPartMirrored: recording(recordPartMirrored),
    },
  };
}
