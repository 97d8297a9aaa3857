import { z } from 'zod';
import { DisplayName } from '../field-schemas.ts';
import { IdempotentHeaders } from '../headers.ts';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQuery, Timestamp } from './paging.ts';
import { peopleTag, Role, WorkspaceAccess } from './person.ts';

export const AdminToken = z
  .strictObject({
    id: idSchema('adminToken'),
    name: z.string(),
    role: Role,
    workspaces: WorkspaceAccess,
    created_by: z.string(),
    created_at: Timestamp,
    expires_at: Timestamp.nullable(),
    revoked_at: Timestamp.nullable(),
    last_used_at: Timestamp.nullable(),
    last_used_from: z.string().nullable(),
  })
  .meta({ id: 'AdminToken' });
export type AdminToken = z.output<typeof AdminToken>;

const createAdminToken = operation({
  id: 'createAdminToken',
  method: 'POST',
  repetition: 'once',
  ifLost:
    'POST /api/v1/tokens/{id}/revoke revokes the token that was made. Then create another one with a new Idempotency-Key.',
  path: '/api/v1/tokens',
  auth: 'any',
  permission: 'administer',
  reach: 'installation',
  tag: peopleTag,
  summary: 'Create a token for a script.',
  description:
    'The token is used as a bearer token. It may do what its role allows, in its workspaces. It is shown only once. Only an owner creates tokens with the role owner or admin.',
  headers: IdempotentHeaders,
  body: z
    .strictObject({
      name: DisplayName,
      role: Role,
      workspaces: WorkspaceAccess.default(null),
      expires_at: Timestamp.nullish(),
    })
    .meta({ id: 'CreateAdminToken' }),
  responses: {
    201: z
      .strictObject({
        ...AdminToken.shape,
        secret: z.string().meta({ secret: true, description: 'The token itself. Shown here and never again.' }),
      })
      .meta({ id: 'AdminTokenCreated' }),
  },
  errors: [],
  examples: { reports: { summary: 'A token that may only read', value: { name: 'Reports', role: 'read-only' } } },
});

const listAdminTokens = operation({
  id: 'listAdminTokens',
  method: 'GET',
  path: '/api/v1/tokens',
  auth: 'any',
  permission: 'administer',
  reach: 'installation',
  tag: peopleTag,
  summary: 'List tokens, including revoked ones.',
  description: 'The tokens themselves are never shown. An admin sees only tokens with lower roles.',
  query: z.strictObject({ ...pageQuery }),
  responses: { 200: pageOf(AdminToken).meta({ id: 'AdminTokenPage' }) },
  errors: [],
});

const revokeAdminToken = operation({
  id: 'revokeAdminToken',
  method: 'POST',
  repetition: 'safe',
  path: '/api/v1/tokens/{token_id}/revoke',
  auth: 'any',
  permission: 'administer',
  reach: 'installation',
  tag: peopleTag,
  summary: 'Revoke a token.',
  description: 'Takes effect immediately, on every replica. Only an owner revokes tokens with the role owner or admin.',
  params: z.strictObject({ token_id: idSchema('adminToken') }),
  body: z.strictObject({}).meta({ id: 'RevokeAdminToken' }),
  responses: { 200: AdminToken },
  errors: ['NOT_FOUND'],
  examples: { now: { summary: 'Revoke', value: {} } },
});

export const adminTokenOperations = {
  createAdminToken,
  listAdminTokens,
  revokeAdminToken,
} as const;
