import type { Workspace } from '@chatferry/sdk';
import { type Command, command } from '../command.ts';
import { choice, flag, required, text } from '../option.ts';
import { block, page, paragraphs, time } from '../output.ts';
import { UsageError } from '../usage-error.ts';
import { subscriptionOf } from './connect.ts';
import { changeOfRules, conversationOptions, describeRules } from './conversation-options.ts';
import { inboxOptions, readInbox } from './inbox-options.ts';
import { pagingOptions } from './paging-options.ts';

const describe = (workspace: Workspace): string => {
  const { kind, settings } = workspace.inbox;
  const flat = Object.entries(settings).map(([name, value]) => {
    const shown = typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
    return [name.replaceAll('_', ' '), shown] as const;
  });
  return block({
    id: workspace.id,
    name: workspace.name,
    inbox: kind,
    ...Object.fromEntries(flat),
    'default sender': workspace.default_sender,
    ...describeRules(workspace.conversation_rules, kind),
    'webhook url':
      workspace.webhook_url ?? 'none: the gateway has no CHATFERRY_PUBLIC_URL, and agents’ answers stay inside',
    state: workspace.state,
    problem: workspace.problem,
    created: time(workspace.created_at),
  });
};

const sender = text('ID', 'The Intercom teammate or HubSpot user who appears as the sender where a send names nobody.');

export const workspaceCommands: readonly Command[] = [
  command({
    name: 'workspaces create',
    summary: 'Connect an Intercom workspace or a HubSpot portal.',
    description: 'The credentials are kept sealed and never shown again.',
    auth: 'admin',
    options: {
      name: required(text('NAME', 'What you call it.')),
      ...inboxOptions,
      'default-sender': sender,
      ...conversationOptions,
    },
    examples: [
      'workspaces create --name Support --kind intercom --region eu --access-token-file ./access-token',
      'workspaces create --name Support --kind hubspot --client-id ID --app-id 1234567',
    ],
    async run({ values, connect }) {
      if (values.kind === undefined) throw new UsageError('--kind is missing.', '--kind intercom');
      const inbox = await readInbox(values);
      if (inbox === undefined) throw new UsageError('--kind is missing.', '--kind intercom');
      const client = await connect();
      const workspace = await client.createWorkspace({
        name: values.name,
        inbox,
        default_sender: values['default-sender'],
        conversation_rules: changeOfRules(values),
      });
      return {
        json: workspace,
        text: paragraphs(
          describe(workspace),
          subscriptionOf(workspace),
          `Next, connect a bot (its token comes from @BotFather in Telegram and is asked for):\n  chatferry channels create --workspace ${workspace.id}`,
        ),
      };
    },
  }),
  command({
    name: 'workspaces list',
    summary: 'List workspaces, the oldest first.',
    auth: 'admin',
    options: pagingOptions,
    examples: ['workspaces list'],
    async run({ values, connect }) {
      const found = await (await connect()).listWorkspaces({ limit: values.limit, cursor: values.cursor });
      const rows = found.data.map(({ id, name, inbox, state, created_at }) => [
        id,
        name,
        inbox.kind,
        state,
        time(created_at),
      ]);
      const lines = { headings: ['ID', 'NAME', 'INBOX', 'STATE', 'CREATED'], rows };
      return {
        json: found,
        text: page(
          lines,
          found.next_cursor,
          'There are no workspaces. Connect one: chatferry workspaces create --help',
        ),
      };
    },
  }),
  command({
    name: 'workspaces show',
    summary: 'Show a workspace, without its secrets.',
    argument: 'workspace',
    auth: 'admin',
    options: {},
    examples: ['workspaces show wsp_01k8xample'],
    async run({ subject, connect }) {
      const workspace = await (await connect()).getWorkspace({ workspace_id: subject });
      return { json: workspace, text: paragraphs(describe(workspace), subscriptionOf(workspace)) };
    },
  }),
  command({
    name: 'workspaces update',
    summary: 'Change a workspace.',
    description:
      'What is not given stays as it is. With --kind all settings and credentials of the inbox are replaced; the kind must be the same.',
    argument: 'workspace',
    auth: 'admin',
    options: {
      name: text('NAME', 'A new name.'),
      state: choice(['active', 'disabled'], 'Switch it on or off.'),
      'default-sender': sender,
      'no-default-sender': flag('Remove the default sender.'),
      ...conversationOptions,
      ...inboxOptions,
    },
    examples: [
      'workspaces update wsp_01k8xample --default-sender 814860',
      'workspaces update wsp_01k8xample --new-conversation closed:1d --assign-new-to team:5017691',
      'workspaces update wsp_01k8xample --kind intercom --access-token-file ./access-token',
    ],
    async run({ values, subject, connect }) {
      if (values['no-default-sender'] && values['default-sender'] !== undefined)
        throw new UsageError('--default-sender and --no-default-sender exclude each other.');
      const change = {
        name: values.name,
        state: values.state,
        default_sender: values['no-default-sender'] ? null : values['default-sender'],
        conversation_rules: changeOfRules(values),
        inbox: await readInbox(values),
      };
      if (Object.values(change).every((value) => value === undefined))
        throw new UsageError('There is nothing to change.', `chatferry workspaces update ${subject} --name Support`);
      const workspace = await (await connect()).updateWorkspace({ workspace_id: subject, ...change });
      return { json: workspace, text: describe(workspace) };
    },
  }),
  command({
    name: 'workspaces delete',
    summary: 'Delete a workspace with its channels and keys.',
    description: 'What stands in the inbox stays there.',
    argument: 'workspace',
    auth: 'admin',
    options: { yes: flag('Do not ask.') },
    examples: ['workspaces delete wsp_01k8xample'],
    async run({ values, subject, connect, confirm }) {
      await confirm(`Delete the workspace ${subject} with all its channels and keys?`, values.yes);
      const json = await (await connect()).deleteWorkspace({ workspace_id: subject });
      return { json, text: `Deleted ${subject}.` };
    },
  }),
];
