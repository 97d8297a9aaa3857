import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { operation } from '../operation.ts';
import { Timestamp } from './paging.ts';

const CustomerNamed = z.strictObject({
  workspace_id: idSchema('workspace'),
  telegram_user_id: z
    .string()
    .regex(/^[1-9][0-9]{0,15}$/, 'must be the id of a Telegram user: digits only.')
    .meta({ description: 'Also the id of the private chat with the customer.' }),
});

const example = { workspace_id: 'wsp_01k8xample', telegram_user_id: '123456789' };

const exportCustomer = operation({
  id: 'exportCustomer',
  method: 'POST',
  path: '/api/v1/customers/export',
  auth: 'any',
  permission: 'administer',
  tag: 'Privacy',
  summary: 'Everything that is kept of one customer.',
  description:
    'For a request under article 15 or 20 of the GDPR: table by table, as it is stored. What stands in Telegram and in the inbox is asked for there.',
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
  path: '/api/v1/customers/erase',
  auth: 'any',
  permission: 'administer',
  tag: 'Privacy',
  summary: 'Erase one customer.',
  description:
    'Messages, raw updates, names, dead letters, work that waits: everything, in one transaction. Late repetitions of old events bring nothing back; whoever writes anew begins anew. While a message to the customer is on its way it answers 503: ask again.',
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
          .meta({ description: 'What the gateway cannot erase, and where that is done.' }),
      })
      .meta({ id: 'CustomerErased' }),
  },
  errors: ['NOT_FOUND'],
  examples: { one: { summary: 'One customer', value: example } },
});

export const customerOperations = { exportCustomer, eraseCustomer } as const;
