import type { Input, Output } from '@chatferry/contract';
import { ownGrant, usualKeyGrant } from '../assert-grant.ts';
import type { RequestContext } from '../context.ts';
import { dateOf } from '../keys/key-fields.ts';
import { mintKey } from '../keys/mint-key.ts';
import { findWorkspace } from '../workspaces/find-workspace.ts';
import type { ChannelDeps } from './channel-deps.ts';
import { connectBot } from './connect-bot.ts';
import { showWithHealth } from './show-channel.ts';

/** Connects a bot and makes its first key. */
export async function createChannel(
  deps: ChannelDeps,
  context: RequestContext,
  { body }: Input<'createChannel'>,
): Promise<Output<'createChannel'>> {
  const workspace = await findWorkspace(deps, body.workspace_id);
  const record = await connectBot(deps, {
    workspace,
    token: body.bot_token,
    name: body.name,
    updates: body.updates,
    apiRoot: body.api_root,
    fileRoot: body.file_root,
    choice: { inboxId: body.inbox_id },
  });
  const own = ownGrant(context, deps.bounds);
  const { scopes, networks, limit, endsAtMs } = usualKeyGrant(own, deps.bounds);
  const key = await mintKey(deps, own, {
    mode: 'live',
    workspaceId: workspace.id,
    channelId: record.id,
    name: `Key of ${record.name}`,
    scopes,
    networks,
    limit,
    expiresAt: dateOf(endsAtMs),
  });
  deps.onChange();
  return { ...(await showWithHealth(deps, record)), key: { id: key.record.id, secret: key.secret } };
}
