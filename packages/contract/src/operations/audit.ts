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
      .meta({ description: '`begun` is written before anything is done; `ended` says how it was answered.' }),
    actor: z.strictObject({
      kind: z.enum(['operator', 'key', 'token', 'person', 'nobody']),
      id: z
        .string()
        .meta({ description: 'The id of the key, token or person; `operator` for the administrator token.' }),
    }),
    address: z.string().meta({ description: 'Where the request came from.' }),
    action: z.string().meta({ description: 'The `operationId`.' }),
    object: z.string().nullable().meta({ description: 'The id of what it was done to.' }),
    workspace_id: idSchema('workspace').nullable(),
    fields: z.array(z.string()).meta({ description: 'The names of what was given; never the values.' }),
    status: z.int().nullable().meta({ description: 'The HTTP status of the answer.' }),
  })
  .meta({ id: 'AuditEntry', description: 'What somebody was about to do, or has done.' });
export type AuditEntry = z.output<typeof AuditEntry>;

const listAudit = operation({
  id: 'listAudit',
  method: 'GET',
  path: '/api/v1/audit',
  auth: 'any',
  permission: 'administer',
  tag: 'Audit',
  summary: 'Who did what, the newest first.',
  description: 'Everything that changes something, but for sends: those are messages.',
  query: z.strictObject({
    ...pageQuery,
    workspace_id: idSchema('workspace').optional(),
    object: z.string().min(1).max(200).optional().meta({ description: 'Only what was done to this.' }),
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
  tag: 'Audit',
  summary: 'Whether the log is as it was written.',
  description:
    'Computes the digest of every entry anew. Keep `head` elsewhere: who has it sees later that nothing was cut off at the end.',
  responses: {
    200: z
      .strictObject({
        entries: z.int().min(0).meta({ description: 'How many were read and are whole.' }),
        intact: z.boolean(),
        broken_at: idSchema('auditEntry')
          .nullable()
          .meta({ description: 'The first entry that was changed, or before which one is missing.' }),
        head: z.string().nullable().meta({ description: 'The digest of the newest entry.' }),
      })
      .meta({ id: 'AuditVerification' }),
  },
  errors: [],
});

export const auditOperations = { listAudit, verifyAudit } as const;
