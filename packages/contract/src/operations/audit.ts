import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQuery, Timestamp } from './paging.ts';

export const AuditEntry = z
  .strictObject({
    id: idSchema('auditEntry'),
    at: Timestamp,
    request_id: z.uuid(),
    phase: z
      .enum(['begun', 'ended'])
      .meta({ description: '`begun` is written before the action; `ended` is written after it and has its status.' }),
    actor: z.strictObject({
      kind: z.enum(['operator', 'key', 'token', 'person', 'nobody']),
      id: z
        .string()
        .meta({ description: 'The id of the key, token or person; `operator` for the administrator token.' }),
    }),
    address: z.string().meta({ description: 'The IP address of the caller.' }),
    action: z.string().meta({ description: 'The `operationId`.' }),
    object: z.string().nullable().meta({ description: 'The id of the object of the action.' }),
    workspace_id: idSchema('workspace').nullable(),
    fields: z.array(z.string()).meta({ description: 'The names of the fields in the request; never their values.' }),
    status: z.int().nullable().meta({ description: 'The HTTP status of the answer.' }),
  })
  .meta({ id: 'AuditEntry', description: 'The beginning or the end of an action.' });
export type AuditEntry = z.output<typeof AuditEntry>;

const listAudit = operation({
  id: 'listAudit',
  method: 'GET',
  path: '/api/v1/audit',
  auth: 'any',
  permission: 'administer',
  tag: 'Audit',
  summary: 'Show who did what, newest first.',
  description: 'Contains every request that changes something, except sends: those are listed as messages.',
  query: z.strictObject({
    ...pageQuery,
    workspace_id: idSchema('workspace').optional(),
    object: z.string().min(1).max(200).optional().meta({ description: 'Only actions on this object.' }),
  }),
  responses: { 200: pageOf(AuditEntry).meta({ id: 'AuditPage' }) },
  errors: [],
});

const verifyAudit = operation({
  id: 'verifyAudit',
  method: 'GET',
  path: '/api/v1/audit/verification',
  auth: 'any',
  permission: 'administer',
  reach: 'installation',
  tag: 'Audit',
  summary: 'Check that the audit log is unchanged.',
  description:
    'Computes the digest of every entry again. Store `head` in another place: with it you can prove later that no entries were removed at the end.',
  responses: {
    200: z
      .strictObject({
        entries: z.int().min(0).meta({ description: 'The number of unchanged entries.' }),
        intact: z.boolean(),
        broken_at: idSchema('auditEntry')
          .nullable()
          .meta({ description: 'The first entry that was changed, or that follows a missing entry.' }),
        head: z.string().nullable().meta({ description: 'The digest of the newest entry.' }),
      })
      .meta({ id: 'AuditVerification' }),
  },
  errors: [],
});

export const auditOperations = { listAudit, verifyAudit } as const;
