import { z } from 'zod';
import { Alarm } from '../alarm.ts';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { pageOf, pageQuery } from './paging.ts';

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
