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
  summary: 'Check that the process runs.',
  description: 'Does not use the database or the network.',
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
  summary: 'Check that the process can accept requests.',
  description: 'Checks the database. With 503, `details` names what is not ready.',
  responses: { 200: Health },
  errors: ['UNAVAILABLE'],
});

export const healthOperations = { getHealth, getReadiness } as const;
