import type { Directory, OpenChannel } from '../../engine/directory/directory.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { KeyRecord } from '../../store/keys.ts';
import { ApiError, unfit } from '../api-error.ts';

/** The channel that a request is about, whatever its state. */
export async function chooseChannel(
  directory: Directory,
  key: KeyRecord,
  asked: string | undefined,
): Promise<OpenChannel> {
  return key.channelId === null ? ofWorkspace(directory, key, asked) : ofKey(directory, key.channelId, asked);
}

/** Throws FEATURE_DISABLED where nothing can be sent from it. */
export function assertCanSend(record: ChannelRecord, { displayName }: ChannelKind): void {
  if (record.state === 'broken') {
    throw new ApiError('FEATURE_DISABLED', {
      message: `This channel cannot send: ${record.problem ?? `${displayName} refuses its bot token`}. Ask the administrator to run chatferry channels check ${record.id}: it mends the channel where the bot token works again, and else says what to do.`,
    });
  }
  if (record.state !== 'active' || !record.interactiveEnabled) throw new ApiError('FEATURE_DISABLED');
}

async function ofKey(directory: Directory, channelId: string, asked: string | undefined): Promise<OpenChannel> {
  if (asked !== undefined && asked !== channelId) {
    throw unfit('/channel_id', 'channel_id must be the channel of this key, or be left out.');
  }
  const open = await directory.channel(channelId);
  // Deleted by another replica a moment ago: its keys are revoked, and ours is still remembered as live.
  if (!open) throw new ApiError('DEPRECATED_API_KEY');
  return open;
}

async function ofWorkspace(directory: Directory, key: KeyRecord, asked: string | undefined): Promise<OpenChannel> {
  const channelId = asked ?? (await directory.onlyChannelOf(key.workspaceId));
  if (channelId === null) {
    const message = 'You must supply channel_id in your request payload.';
    throw new ApiError('ARGUMENT_MISSING', { message, details: [{ pointer: '/channel_id', message }] });
  }
  const open = await directory.channel(channelId);
  if (open?.record.workspaceId !== key.workspaceId) throw new ApiError('NOT_FOUND');
  return open;
}
