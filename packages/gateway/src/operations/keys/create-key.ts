import { type ApiKeyMode, type Input, type Output, testInboxKind } from '@chatferry/contract';
import type { NewKey } from '../../store/keys.ts';
import { ownGrant, usualKeyGrant } from '../assert-grant.ts';
import { findChannel } from '../channels/find-channel.ts';
import type { RequestContext } from '../context.ts';
import { findWorkspace } from '../workspaces/find-workspace.ts';
import type { KeyDeps } from './key-deps.ts';
import { assertScopesFit, dateOf, expiryOf, limitOf } from './key-fields.ts';
import { mintKey } from './mint-key.ts';
import { showKey } from './show-key.ts';

export async function createKey(
  deps: KeyDeps,
  context: RequestContext,
  { body }: Input<'createKey'>,
): Promise<Output<'createKey'>> {
  const owner = await readOwner(deps, body);
  const own = ownGrant(context, deps.bounds);
  const usual = usualKeyGrant(own, deps.bounds);
  const scopes = body.scopes ?? usual.scopes;
  assertScopesFit(body.kind, scopes);
  const row = {
    ...owner,
    mode: await modeOf(deps, owner.workspaceId),
    name: body.name ?? (body.kind === 'channel' ? 'Channel key' : 'Workspace key'),
    scopes,
    networks: body.networks ?? usual.networks,
    limit: limitOf(body.limit) ?? usual.limit,
    expiresAt: body.expires_at === undefined ? dateOf(usual.endsAtMs) : (expiryOf(body.expires_at) ?? null),
  };
  const { record, secret } = await mintKey(deps, own, row, body.secret);
  return { ...showKey(record), secret };
}

/** The workspace that the key belongs to, and the channel where it is limited to one. Throws NOT_FOUND. */
async function readOwner(
  deps: KeyDeps,
  body: Input<'createKey'>['body'],
): Promise<Pick<NewKey, 'workspaceId' | 'channelId'>> {
  if (body.kind === 'workspace') {
    return { workspaceId: (await findWorkspace(deps, body.workspace_id)).id, channelId: null };
  }
  const channel = await findChannel(deps, body.channel_id);
  return { workspaceId: channel.workspaceId, channelId: channel.id };
}

/** A key belongs to the mode of its workspace. */
async function modeOf(deps: KeyDeps, workspaceId: string): Promise<ApiKeyMode> {
  return (await findWorkspace(deps, workspaceId)).inboxKind === testInboxKind ? 'test' : 'live';
}
