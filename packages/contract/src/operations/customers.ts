import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { Timestamp } from './paging.ts';

const CustomerNamed = z.strictObject({
  workspace_id: idSchema('workspace'),
  telegram_user_id: z
    .string()
    .regex(/^[1-9][0-9]{0,15}$/, 'must be the id of a Telegram user: digits only.')
    .meta({ description: 'This is also the id of the private chat with the customer.' }),
});

const example = { workspace_id: 'wsp_01k8xample', telegram_user_id: '123456789' };

const exportCustomer = operation({
  id: 'exportCustomer',
  method: 'POST',
  repetition: 'safe',
  path: '/api/v1/customers/export',
  auth: 'any',
  permission: 'administer',
  tag: 'Privacy',
  summary: 'Export all stored data of one customer.',
  description:
    'For requests under article 15 or 20 of the GDPR: the stored rows, table by table. Telegram and the inbox have their own data; request it there.',
  body: CustomerNamed.meta({ id: 'ExportCustomer' }),
  responses: {
    200: z
      .strictObject({
        exported_at: Timestamp,
        data: z.array(z.strictObject({ table: z.string(), rows: z.array(z.unknown()) })),
      })
      .meta({ id: 'CustomerExport' }),
  },
  errors: ['NOT_FOUND'],
  examples: { one: { summary: 'One customer', value: example } },
});

const eraseCustomer = operation({
  id: 'eraseCustomer',
  method: 'POST',
  repetition: 'safe',
  path: '/api/v1/customers/erase',
  auth: 'any',
  permission: 'administer',
  tag: 'Privacy',
  summary: 'Erase all stored data of one customer.',
  description:
    'Erases messages, raw updates, names, dead letters and waiting work in one transaction. Late repetitions of old events do not restore anything. A customer who writes again is a new customer. Answers 503 while a message to the customer is being sent: repeat the request then.',
  body: CustomerNamed.meta({ id: 'EraseCustomer' }),
  responses: {
    200: z
      .strictObject({
        erased_at: Timestamp,
        messages: z.int().min(0),
        updates: z.int().min(0),
        remains: z
          .strictObject({
            telegram: z.string(),
            inbox: z.strictObject({
              note: z.string(),
              contact_ids: z.array(z.string()),
              conversation_ids: z.array(z.string()),
            }),
            backups: z.string(),
          })
          .meta({ description: 'What the gateway cannot erase, and where you can erase it.' }),
      })
      .meta({ id: 'CustomerErased' }),
  },
  errors: ['NOT_FOUND'],
  examples: { one: { summary: 'One customer', value: example } },
});

export const customerOperations = { exportCustomer, eraseCustomer } as const;
