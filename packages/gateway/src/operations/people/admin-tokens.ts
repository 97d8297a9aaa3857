import type { AdminToken, Input, Output } from '@chatferry/contract';
import { grantOfHolder } from '../../core/access/principal.ts';
import type { AdminTokenRecord } from '../../store/admin-tokens.ts';
import { ApiError } from '../api-error.ts';
import { assertGrant, ownGrant } from '../assert-grant.ts';
import { type RequestContext, requirePrincipal } from '../context.ts';
import { cutPage } from '../cut-page.ts';
import { newId } from '../new-id.ts';
import { assertMayManageRole, assertSeesAll, assertWorkspacesFitRole } from './assert-may-manage.ts';
import { digestSecret } from './digest-secret.ts';
import { drawSecret } from './draw-secret.ts';
import type { PeopleDeps } from './people-deps.ts';

export async function createAdminToken(
  { store, clock, random }: PeopleDeps,
  context: RequestContext,
  { body }: Input<'createAdminToken'>,
): Promise<Output<'createAdminToken'>> {
  assertMayManageRole(context, body.role);
  assertWorkspacesFitRole(body.role, body.workspaces);
  const expiresAt = typeof body.expires_at === 'string' ? new Date(body.expires_at) : null;
  assertGrant(ownGrant(context, null), grantOfHolder({ ...body, expiresAt }));
  const secret = drawSecret(random, 'cft_');
  const record = await store.adminTokens.insert({
    id: newId('adminToken', clock, random),
    digest: digestSecret(secret),
    name: body.name,
    role: body.role,
    workspaces: body.workspaces,
    createdBy: requirePrincipal(context).id,
    expiresAt,
  });
  return { ...showAdminToken(record), secret };
}

export async function listAdminTokens(
  { store }: PeopleDeps,
  context: RequestContext,
  { query }: Input<'listAdminTokens'>,
): Promise<Output<'listAdminTokens'>> {
  assertSeesAll(context);
  return cutPage(await store.adminTokens.list(), query, showAdminToken);
}

export async function revokeAdminToken(
  { store }: PeopleDeps,
  context: RequestContext,
  { params }: Input<'revokeAdminToken'>,
): Promise<AdminToken> {
  assertSeesAll(context);
  const record = await store.adminTokens.revoke(params.token_id);
  if (!record) throw new ApiError('NOT_FOUND', { message: 'There is no such token. GET /api/v1/tokens lists them.' });
  return showAdminToken(record);
}

const showAdminToken = (record: AdminTokenRecord): AdminToken => ({
  id: record.id,
  name: record.name,
  role: record.role,
  workspaces: record.workspaces === null ? null : [...record.workspaces],
  created_by: record.createdBy,
  created_at: record.createdAt.toISOString(),
  expires_at: record.expiresAt?.toISOString() ?? null,
  revoked_at: record.revokedAt?.toISOString() ?? null,
  last_used_at: record.lastUsedAt?.toISOString() ?? null,
  last_used_from: record.lastUsedFrom,
});
