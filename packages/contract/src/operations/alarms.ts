import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQuery, Timestamp } from './paging.ts';

export const alarmKinds = [
  'channel-broken',
  'webhook-foreign',
  'webhook-removed',
  'webhook-failing',
  'webhook-backlog',
  'endpoint-disabled',
  'polling-conflict',
  'inbox-refused',
  'inbox-down',
  'account-connected-twice',
  'dead-letters',
  'unknown-messages',
  'loop-down',
  'second-factor-guessed',
  'proxy-undeclared',
  'journal-damaged',
] as const;

export const Alarm = z
  .strictObject({
    id: idSchema('alarm'),
    kind: z.enum(alarmKinds),
    subject: z.string().meta({
      description:
        'What has the problem: the id of a channel, a workspace or a person, the name of a process, or an address.',
    }),
    workspace_id: idSchema('workspace').nullable(),
    detail: z.string().meta({ description: 'What is wrong.' }),
    remedy: z.string().meta({ description: 'What to do.' }),
    raised_at: Timestamp,
    cleared_at: Timestamp.nullable().meta({ description: 'Null while the alarm is raised.' }),
  })
  .meta({
    id: 'Alarm',
    description: 'A problem that needs a person. The alarm clears by itself when the problem is solved.',
  });
export type Alarm = z.output<typeof Alarm>;

const listAlarms = operation({
  id: 'listAlarms',
  method: 'GET',
  path: '/api/v1/alarms',
  auth: 'any',
  permission: 'read',
  tag: 'Alarms',
  summary: 'List alarms, newest first.',
  description: 'Each alarm says what to do. By default only raised alarms are listed.',
  query: z.strictObject({
    ...pageQuery,
    state: z.enum(['raised', 'cleared', 'any']).default('raised'),
    workspace_id: idSchema('workspace').optional(),
  }),
  responses: { 200: pageOf(Alarm).meta({ id: 'AlarmPage' }) },
  errors: [],
});

export const alarmOperations = { listAlarms } as const;
