import { z } from 'zod';
import { DisplayName } from '../field-schemas.ts';
import { IdempotentHeaders } from '../headers.ts';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQuery, Timestamp } from './paging.ts';

/** How long a rotated key still works, in seconds: at most 30 days. Default: one day. */
export const overlapSecondsMax = 2_592_000;
export const overlapSecondsDefault = 86_400;

const Limit = z.strictObject({ per_second: z.int().min(1).max(100_000), burst: z.int().min(1).max(1_000_000) }).meta({
  id: 'KeyLimit',
  description: 'Requests per second, and the maximum number at the same moment. Default: 100 and 200.',
});

/** What a key can be allowed to do. */
export const keyScopes = ['send', 'read', 'manage'] as const;
/** What a key may do if no scopes are given. */
export const defaultKeyScopes = ['send', 'read'] as const satisfies readonly (typeof keyScopes)[number][];

const Scopes = z.array(z.enum(keyScopes)).min(1).max(keyScopes.length).meta({
  description:
    '`send`: send messages; `read`: read messages and their states; `manage`: do in one workspace what the administrator may do. Only workspace keys can have `manage`. Default: `send` and `read`.',
});

/** The maximum number of networks of a key. */
export const networksMax = 32;

const Network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: 'must be an IP address, or a network such as 203.0.113.0/24 or 2001:db8::/32.',
});

const Networks = z
  .array(Network)
  .max(networksMax)
  .meta({
    description: 'The IP addresses and networks that the key may be used from. Empty: from anywhere.',
    examples: [['203.0.113.0/24', '2001:db8::7']],
  });

const keyStates = ['live', 'retired', 'revoked', 'expired'] as const;

const keyFields = {
  id: idSchema('key'),
  name: z.string(),
  kind: z.enum(['channel', 'workspace']),
  workspace_id: idSchema('workspace'),
  channel_id: idSchema('channel').nullable().meta({ description: 'Null for a workspace key.' }),
  prefix: z.string().meta({ description: 'The first characters of the key, which are not secret.' }),
  state: z.enum(keyStates),
  created_at: Timestamp,
  expires_at: Timestamp.nullable(),
  retires_at: Timestamp.nullable().meta({ description: 'When a rotated key stops working.' }),
  last_used_at: Timestamp.nullable().meta({ description: 'Accurate to the minute.' }),
  last_used_from: z.string().nullable().meta({ description: 'The IP address of the last use.' }),
  scopes: z.array(z.enum(keyScopes)),
  networks: z
    .array(z.string())
    .meta({ description: 'The IP addresses and networks that the key may be used from. Empty: from anywhere.' }),
  limit: Limit,
} as const;

export const Key = z.strictObject(keyFields).meta({ id: 'Key' });
export type Key = z.output<typeof Key>;

const Shown = z.string().meta({ secret: true, description: 'The key itself. Shown here and never again.' });

export const KeyCreated = z.strictObject({ ...keyFields, secret: Shown }).meta({ id: 'KeyCreated' });
export type KeyCreated = z.output<typeof KeyCreated>;

export const KeyRotated = z
  .strictObject({
    ...keyFields,
    secret: Shown,
    replaces: Key.meta({ description: 'The rotated key.' }),
  })
  .meta({ id: 'KeyRotated' });
export type KeyRotated = z.output<typeof KeyRotated>;

const createFields = {
  name: DisplayName.optional(),
  expires_at: Timestamp.nullish(),
  limit: Limit.optional(),
  scopes: Scopes.optional(),
  networks: Networks.optional(),
  secret: z
    .string()
    .regex(/^[\x21-\x7e]{16,255}$/, 'must be 16 to 255 visible ASCII characters.')
    .optional()
    .meta({
      secret: true,
      writeOnly: true,
      description: 'Imports a key from another system. Absent: a new key is created.',
    }),
} as const;

const params = z.strictObject({ key_id: idSchema('key') });
const path = '/api/v1/keys/{key_id}';

const createKey = operation({
  id: 'createKey',
  method: 'POST',
  repetition: 'once',
  ifLost: 'DELETE /api/v1/keys/{id} deletes the key that was made. Then create another one with a new Idempotency-Key.',
  path: '/api/v1/keys',
  auth: 'any',
  permission: 'manage',
  tag: 'Keys',
  summary: 'Create a key, or import one from another system.',
  description:
    'A channel key sends from one channel, a workspace key from any channel of its workspace. Several keys can be live at the same time.',
  headers: IdempotentHeaders,
  body: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('channel'), channel_id: idSchema('channel'), ...createFields }),
      z.strictObject({ kind: z.literal('workspace'), workspace_id: idSchema('workspace'), ...createFields }),
    ])
    .meta({ id: 'CreateKey' }),
  responses: { 201: KeyCreated },
  errors: ['NOT_FOUND'],
  examples: {
    workspace: {
      summary: 'A workspace key',
      value: { kind: 'workspace', workspace_id: 'wsp_01k8xample', name: 'Backend' },
    },
  },
});

const listKeys = operation({
  id: 'listKeys',
  method: 'GET',
  path: '/api/v1/keys',
  auth: 'any',
  permission: 'manage',
  tag: 'Keys',
  summary: 'List keys, including those that no longer work.',
  description: 'Includes retired, revoked and expired keys.',
  query: z.strictObject({
    ...pageQuery,
    workspace_id: idSchema('workspace').optional(),
    channel_id: idSchema('channel').optional(),
    state: z.enum(keyStates).optional(),
  }),
  responses: { 200: pageOf(Key).meta({ id: 'KeyPage' }) },
  errors: [],
});

const getKey = operation({
  id: 'getKey',
  method: 'GET',
  path,
  auth: 'any',
  permission: 'manage',
  tag: 'Keys',
  summary: 'Show a key: its first characters and its times.',
  description: 'The key itself is never shown.',
  params,
  responses: { 200: Key },
  errors: ['NOT_FOUND'],
});

const updateKey = operation({
  id: 'updateKey',
  method: 'PATCH',
  path,
  auth: 'any',
  permission: 'manage',
  tag: 'Keys',
  summary: 'Change what a key may do.',
  description:
    'Absent fields do not change. The change takes effect within five seconds, on every replica. The key itself does not change.',
  params,
  body: z
    .strictObject({
      name: DisplayName.optional(),
      expires_at: Timestamp.nullish().meta({ description: 'Null: the key does not expire.' }),
      limit: Limit.optional(),
      scopes: Scopes.optional(),
      networks: Networks.optional(),
    })
    .meta({ id: 'UpdateKey' }),
  responses: { 200: Key },
  errors: ['NOT_FOUND'],
  examples: { office: { summary: 'Only from one network', value: { networks: ['203.0.113.0/24'] } } },
});

const rotateKey = operation({
  id: 'rotateKey',
  method: 'POST',
  repetition: 'once',
  ifLost:
    '{id} is the new key. Rotate it with POST /api/v1/keys/{id}/rotate and a new Idempotency-Key to get one whose answer you see.',
  path: '/api/v1/keys/{key_id}/rotate',
  auth: 'any',
  permission: 'manage',
  tag: 'Keys',
  summary: 'Replace a key.',
  description:
    'Returns the new key, only once. It has the scopes, networks and limit of the old key. The old key works until the overlap ends. After that it always answers error 6.',
  headers: IdempotentHeaders,
  params,
  body: z
    .strictObject({ overlap_seconds: z.int().min(0).max(overlapSecondsMax).default(overlapSecondsDefault) })
    .meta({ id: 'RotateKey' }),
  responses: { 200: KeyRotated },
  errors: ['NOT_FOUND'],
  examples: { hour: { summary: 'With an hour of overlap', value: { overlap_seconds: 3600 } } },
});

const revokeKey = operation({
  id: 'revokeKey',
  method: 'POST',
  repetition: 'safe',
  path: '/api/v1/keys/{key_id}/revoke',
  auth: 'any',
  permission: 'manage',
  tag: 'Keys',
  summary: 'Revoke a key.',
  description: 'Within five seconds the key answers error 6, on every replica, permanently.',
  params,
  body: z.strictObject({}).meta({ id: 'RevokeKey' }),
  responses: { 200: Key },
  errors: ['NOT_FOUND'],
  examples: { now: { summary: 'Revoke', value: {} } },
});

const deleteKey = operation({
  id: 'deleteKey',
  method: 'DELETE',
  path,
  auth: 'any',
  permission: 'manage',
  tag: 'Keys',
  summary: 'Delete a key.',
  description:
    'Afterwards the callers of the key get the same answer as with a key that never existed. To tell them that the key was replaced, revoke it instead.',
  params,
  responses: { 204: null },
  errors: ['NOT_FOUND'],
});

export const keyOperations = { createKey, listKeys, getKey, updateKey, rotateKey, revokeKey, deleteKey } as const;
