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

const digest = /^[0-9a-f]{64}$/;

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
    'Computes the digest of every entry again. It also looks for the heads that this gateway recorded in its data folder, and for a head that you kept. Store `head` and `entries` in another place: with them you can prove later that no entry up to there was changed or removed.',
  query: z.strictObject({
    head: z
      .string()
      .regex(digest, 'must be 64 hexadecimal digits, as an earlier verification gave them')
      .optional()
      .meta({ description: 'A `head` of an earlier verification, or of a log line `audit.head`.' }),
    entries: z
      .string()
      .regex(/^[0-9]{1,15}$/, 'must be a whole number.')
      .transform(Number)
      .pipe(z.int())
      .optional()
      .meta({ description: 'The number of `entries` that belonged to this head.' }),
  }),
  responses: {
    200: z
      .strictObject({
        entries: z.int().min(0).meta({ description: 'The number of unchanged entries.' }),
        intact: z.boolean().meta({ description: 'Whether nothing of all this was found to be changed or missing.' }),
        broken_at: idSchema('auditEntry')
          .nullable()
          .meta({ description: 'The first entry that was changed, or that follows a missing entry.' }),
        head: z.string().nullable().meta({ description: 'The digest of the newest entry.' }),
        known_head: z
          .strictObject({
            found: z.boolean().meta({
              description: 'False: an entry up to this head was changed or removed, or the head is of another log.',
            }),
            position: z
              .int()
              .nullable()
              .meta({ description: 'How many entries the log has up to this head; null if it is missing.' }),
          })
          .nullable()
          .meta({ description: 'The result for the given head; null if none was given.' }),
        recorded_heads: z
          .strictObject({
            checked: z.int().min(0),
            missing: z.int().min(0).meta({
              description: 'How many are missing. Each shows that an entry up to it was changed or removed.',
            }),
            first_missing: z
              .string()
              .nullable()
              .meta({ description: 'The first missing head, as it is in `audit-heads.log`.' }),
          })
          .meta({ description: 'The heads that this gateway recorded in its data folder.' }),
        protected_by: z.enum(['key', 'role-and-key']).meta({
          description:
            '`role-and-key`: the role of the running gateway can only add entries. `key`: it can change them too, and only this verification shows it.',
        }),
      })
      .meta({ id: 'AuditVerification' }),
  },
  errors: [],
});

export const auditOperations = { listAudit, verifyAudit } as const;
