import { type Command, command } from '../command.ts';
import { flag, text } from '../option.ts';
import { block, paragraphs } from '../output.ts';
import { UsageError } from '../usage-error.ts';

const workspace = text('ID', 'The workspace whose customer it is.');

const namedBy = (customer: string, given: string | undefined) => {
  if (given === undefined)
    throw new UsageError('Give --workspace.', 'chatferry customers export 123456789 --workspace wsp_01k8xample');
  return { workspace_id: given, telegram_user_id: customer };
};

export const customerCommands: readonly Command[] = [
  command({
    name: 'customers export',
    summary: 'Print everything that is kept of one customer, as JSON.',
    argument: 'customer',
    auth: 'admin',
    options: { workspace },
    examples: ['customers export 123456789 --workspace wsp_01k8xample'],
    async run({ values, subject, connect }) {
      const named = namedBy(subject, values.workspace);
      const found = await (await connect()).exportCustomer(named);
      return { json: found, text: JSON.stringify(found, null, 2) };
    },
  }),
  command({
    name: 'customers erase',
    summary: 'Erase one customer from everything that the gateway keeps.',
    description: 'Says what remains elsewhere, and where that is erased. It cannot be undone.',
    argument: 'customer',
    auth: 'admin',
    options: { workspace, yes: flag('Do not ask.') },
    examples: ['customers erase 123456789 --workspace wsp_01k8xample'],
    async run({ values, subject, connect, confirm }) {
      const named = namedBy(subject, values.workspace);
      await confirm(`Erase everything about the customer ${subject}?`, values.yes);
      const erased = await (await connect()).eraseCustomer(named);
      const { telegram, inbox, backups } = erased.remains;
      const told = block({ messages: String(erased.messages), 'raw updates': String(erased.updates) });
      const remains = block({
        'in Telegram': telegram,
        'in the inbox': inbox.note,
        contacts: inbox.contact_ids.join(', ') || 'none known',
        conversations: inbox.conversation_ids.join(', ') || 'none known',
        'in backups': backups,
      });
      return { json: erased, text: paragraphs('Erased:', told, 'What remains elsewhere:', remains) };
    },
  }),
];
