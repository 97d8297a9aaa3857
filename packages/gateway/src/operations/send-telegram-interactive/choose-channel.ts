import type { Directory, OpenChannel } from '../../engine/directory/directory.ts';
import type { ChannelRecord } from '../../store/channels.ts';
import type { KeyRecord } from '../../store/keys.ts';
import { ApiError, invalidValue } from '../api-error.ts';

/** The channel that a send uses, in any state. Throws TYPE_MISMATCH, ARGUMENT_MISSING, NOT_FOUND or DEPRECATED_API_KEY. */
export async function chooseChannel(
  directory: Directory,
  key: KeyRecord,
  asked: string | undefined,
): Promise<OpenChannel> {
  return key.channelId === null
    ? channelOfWorkspace(directory, key, asked)
    : channelOfKey(directory, key.channelId, asked);
}

/** Throws FEATURE_DISABLED where the channel cannot send. */
export function assertCanSend(record: ChannelRecord): void {
  if (record.state === 'broken') {
    throw new ApiError('FEATURE_DISABLED', {
      message: `This channel cannot send: ${record.problem ?? 'Telegram refuses its bot token'}. Ask the administrator to run chatferry channels check ${record.id}: it marks the channel active if the bot token works again, and says what to do if not.`,
    });
  }
  if (record.state !== 'active' || !record.interactiveEnabled) throw new ApiError('FEATURE_DISABLED');
}

async function channelOfKey(directory: Directory, channelId: string, asked: string | undefined): Promise<OpenChannel> {
  if (asked !== undefined && asked !== channelId) {
    throw invalidValue('/channel_id', 'channel_id must be the channel of this key, or be left out.');
  }
  const open = await directory.channel(channelId);
  // Another replica has just deleted the channel. Its keys are revoked, but this one is still live in our memory.
  if (!open) throw new ApiError('DEPRECATED_API_KEY');
  return open;
}

async function channelOfWorkspace(
  directory: Directory,
  key: KeyRecord,
  asked: string | undefined,
): Promise<OpenChannel> {
  const channelId = asked ?? (await directory.onlyChannelOf(key.workspaceId));
  if (channelId === null) {
    const message = 'You must supply channel_id in your request payload.';
    throw new ApiError('ARGUMENT_MISSING', { message, details: [{ pointer: '/channel_id', message }] });
  }
  const open = await directory.channel(channelId);
  if (open?.record.workspaceId !== key.workspaceId) throw new ApiError('NOT_FOUND');
  return open;
}
