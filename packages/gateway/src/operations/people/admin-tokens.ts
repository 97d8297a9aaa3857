import type { AdminToken, Input, Output } from '@chatferry/contract';
import { grantOfHolder } from '../../core/access/principal.ts';
import type { AdminTokenRecord } from '../../store/admin-tokens.ts';
import { ApiError } from '../api-error.ts';
import { assertGrant, ownGrant } from '../assert-grant.ts';
import { type RequestContext, requirePrincipal } from '../context.ts';
import { cutPage } from '../cut-page.ts';
import { newId } from '../new-id.ts';
import { assertWorkspacesFitRole, mayManage } from './assert-may-manage.ts';
import { digestSecret } from './digest-secret.ts';
import { drawSecret } from './draw-secret.ts';
import { managed } from './managed.ts';
import type { PeopleDeps } from './people-deps.ts';

export const createAdminToken = managed<'createAdminToken', null>({
  find: async () => null,
  rolesOf: (_nobody, { body }) => [body.role],
  run: makeToken,
});

async function makeToken(
  { store, clock, random }: PeopleDeps,
  context: RequestContext,
  { body }: Input<'createAdminToken'>,
): Promise<Output<'createAdminToken'>> {
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

export const listAdminTokens = managed<'listAdminTokens', null>({
  find: async () => null,
  rolesOf: () => [],
  run: listManagedTokens,
});

/** Tokens that the caller may not manage are not shown, because the list says where they are used. */
async function listManagedTokens(
  { store }: PeopleDeps,
  context: RequestContext,
  { query }: Input<'listAdminTokens'>,
): Promise<Output<'listAdminTokens'>> {
  const records = await store.adminTokens.list();
  return cutPage(
    records.filter(({ role }) => mayManage(context, role)),
    query,
    showAdminToken,
  );
}

export const revokeAdminToken = managed<'revokeAdminToken', AdminTokenRecord>({
  find: findToken,
  rolesOf: (token) => [token.role],
  run: revokeToken,
});

async function findToken({ store }: PeopleDeps, { params }: Input<'revokeAdminToken'>): Promise<AdminTokenRecord> {
  const record = await store.adminTokens.read(params.token_id);
  if (!record) throw unknownToken();
  return record;
}

async function revokeToken(
  { store }: PeopleDeps,
  _context: RequestContext,
  { params }: Input<'revokeAdminToken'>,
): Promise<AdminToken> {
  const record = await store.adminTokens.revoke(params.token_id);
  if (!record) throw unknownToken();
  return showAdminToken(record);
}

const unknownToken = (): ApiError =>
  new ApiError('NOT_FOUND', { message: 'There is no such token. GET /api/v1/tokens lists them.' });

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
