import { ApiError, invalidValue } from '../api-error.ts';
import type { WebhookDeps } from './webhook-deps.ts';

/** Throws TYPE_MISMATCH for an address that events cannot be sent to. */
export async function assertWebhookUrl({ client }: Pick<WebhookDeps, 'client'>, text: string): Promise<void> {
  const problem = problemOf(text) ?? (await client.refusalOf(text));
  if (problem !== null) throw invalidValue('/url', problem);
}

function problemOf(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return 'url must be a complete address that begins with https://.';
  }
  if (url.username !== '' || url.password !== '') {
    return 'url must have no user name and no password. Every request is signed: verify the signature instead.';
  }
  return url.hash === '' ? null : 'url must have no fragment: the part after # is never sent.';
}

/** Throws TYPE_MISMATCH for a channel that the workspace does not have. */
export async function assertChannels(
  { store }: Pick<WebhookDeps, 'store'>,
  workspaceId: string,
  channelIds: readonly string[] | null | undefined,
): Promise<void> {
  const channels = await Promise.all((channelIds ?? []).map((id) => store.channels.read(id)));
  const details = channels.flatMap((channel, index) =>
    channel?.workspaceId === workspaceId
      ? []
      : [{ pointer: `/channel_ids/${index}`, message: `The workspace ${workspaceId} has no such channel.` }],
  );
  if (details.length > 0) throw new ApiError('TYPE_MISMATCH', { message: details[0]?.message, details });
}
