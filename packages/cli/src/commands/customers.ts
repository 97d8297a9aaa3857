import type { CustomerErased } from '@chatferry/sdk';
import type { Call, Command } from '../command.ts';
import { operationCommand } from '../operation-command.ts';
import { text } from '../option.ts';
import { UsageError } from '../usage-error.ts';
import { fields, json, type View } from '../view.ts';

const options = { workspace: text('ID', "The customer's workspace. Required.") } as const;

const customerOf = ({ argument, values }: Call<typeof options>) => {
  if (values.workspace === undefined)
    throw new UsageError('--workspace is missing.', 'chatferry customers export 123456789 --workspace wsp_01k8xample');
  return { workspace_id: values.workspace, telegram_user_id: argument };
};

const describeErasure = ({ messages, updates, remains }: CustomerErased): View => [
  'Erased:',
  fields({ messages, 'raw updates': updates }),
  'What remains elsewhere:',
  fields({
    'in Telegram': remains.telegram,
    'in the inbox': remains.inbox.note,
    contacts: remains.inbox.contact_ids.join(', ') || 'none known',
    conversations: remains.inbox.conversation_ids.join(', ') || 'none known',
    'in backups': remains.backups,
  }),
];

export const customerCommands: readonly Command[] = [
  operationCommand({
    name: 'customers export',
    operation: 'exportCustomer',
    argument: 'customer',
    options,
    examples: ['customers export 123456789 --workspace wsp_01k8xample'],
    request: customerOf,
    view: (data) => [json(data)],
  }),
  operationCommand({
    name: 'customers erase',
    operation: 'eraseCustomer',
    description: 'Prints what remains in other systems and where to erase it. An erasure cannot be undone.',
    argument: 'customer',
    options,
    examples: ['customers erase 123456789 --workspace wsp_01k8xample'],
    request: customerOf,
    confirmation: (customer) => `Erase all data of the customer ${customer}?`,
    view: describeErasure,
  }),
];
