import { apiKeyMode } from '@chatferry/contract';
import type { Directory, OpenChannel } from '../../engine/directory/directory.ts';
import type { ChannelKind } from '../../ports/channel-kind.ts';
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
    : channelOfKey(directory, { ...key, channelId: key.channelId }, asked);
}

/** Throws FEATURE_DISABLED where the channel cannot send. */
export function assertCanSend(record: ChannelRecord, { displayName }: ChannelKind): void {
  if (record.state === 'broken') {
    throw new ApiError('FEATURE_DISABLED', {
      message: `This channel cannot send: ${record.problem ?? `${displayName} refuses its bot token`}. Ask the administrator to run chatferry channels check ${record.id}: it marks the channel active if the bot token works again, and says what to do if not.`,
    });
  }
  if (record.state !== 'active' || !record.interactiveEnabled) throw new ApiError('FEATURE_DISABLED');
}

/** Nothing is looked up: another tenant's channel may have that id. */
const keyHint = ({ prefix }: KeyRecord): string =>
  apiKeyMode(prefix) === 'test'
    ? 'This is a key of test mode, which reaches only its own test channel: use a cf_live_ key for a real channel.'
    : 'This is a live key: for a channel of test mode, use its own cf_test_ key.';

async function channelOfKey(
  directory: Directory,
  key: KeyRecord & { readonly channelId: string },
  asked: string | undefined,
): Promise<OpenChannel> {
  const { channelId } = key;
  if (asked !== undefined && asked !== channelId) {
    throw invalidValue('/channel_id', `channel_id must be the channel of this key, or be left out. ${keyHint(key)}`);
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
  if (open?.record.workspaceId !== key.workspaceId)
    throw new ApiError('NOT_FOUND', {
      message: `The workspace of this key has no channel ${channelId}. ${keyHint(key)}`,
    });
  return open;
}
