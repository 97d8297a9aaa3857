import { z } from 'zod';
import { operation } from '../operation.ts';

export const Health = z.strictObject({ status: z.literal('ok') }).meta({ id: 'Health' });
export type Health = z.output<typeof Health>;

const getHealth = operation({
  id: 'getHealth',
  method: 'GET',
  path: '/healthz',
  auth: 'none',
  permission: null,
  tag: 'Health',
  summary: 'Whether the process runs.',
  description: 'Asks nothing of the store or the network.',
  responses: { 200: Health },
  errors: [],
});

const getReadiness = operation({
  id: 'getReadiness',
  method: 'GET',
  path: '/readyz',
  auth: 'none',
  permission: null,
  tag: 'Health',
  summary: 'Whether the process can take requests.',
  description: 'Asks the store. 503 names in `details` what is not ready.',
  responses: { 200: Health },
  errors: ['UNAVAILABLE'],
});

export const healthOperations = { getHealth, getReadiness } as const;
