import type { CreateWorkspace, UpdateWorkspace, Workspace } from '@chatferry/sdk';
import type { Call, Command } from '../command.ts';
import { anyAccount, anyAgent, inboxKindEntries, inboxOptions } from '../inbox-kinds.ts';
import { deleteCommand, listCommand, operationCommand } from '../operation-command.ts';
import { choice, flag, required, text } from '../option.ts';
import { UsageError } from '../usage-error.ts';
import { type Cell, fields, type Row, time, type View } from '../view.ts';
import { describeWebhook } from './connect.ts';
import { conversationOptions, describeRules, readRulesChange } from './conversation-options.ts';
import { readInbox } from './read-inbox.ts';

const rowOfSettings = (settings: Workspace['inbox']['settings']): Row =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]: [string, object | Cell]) => [
      name.replaceAll('_', ' '),
      typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
    ]),
  );

const rowOfWorkspace = (workspace: Workspace): Row => {
  const { kind, settings } = workspace.inbox;
  return {
    id: workspace.id,
    name: workspace.name,
    inbox: kind,
    ...rowOfSettings(settings),
    'default sender': workspace.default_sender,
    ...(kind === 'test' ? {} : describeRules(workspace.conversation_rules, kind)),
    'webhook url':
      workspace.webhook_url ??
      (kind === 'test'
        ? 'none: no agent answers in test mode'
        : 'none: the gateway has no CHATFERRY_PUBLIC_URL, so replies of agents stay in the inbox'),
    state: workspace.state,
    problem: workspace.problem,
    created: time(workspace.created_at),
  };
};

const describeWorkspace = (workspace: Workspace): View => [fields(rowOfWorkspace(workspace))];

const describeNewWorkspace = (workspace: Workspace): View => [
  ...describeWorkspace(workspace),
  describeWebhook(workspace),
  `Next, connect a bot. You are asked for its token, which comes from @BotFather in Telegram:\n  chatferry channels create --workspace ${workspace.id}`,
];

const senderOption = text('ID', `The ${anyAgent} who appears as the sender when a send names none.`);

const createOptions = {
  name: required(text('NAME', 'The name of the workspace.')),
  ...inboxOptions,
  'default-sender': senderOption,
  ...conversationOptions,
} as const;

const readNewWorkspace = async ({ values }: Call<typeof createOptions>): Promise<CreateWorkspace> => {
  const inbox = values.kind === undefined ? undefined : await readInbox(values);
  if (inbox === undefined) throw new UsageError('--kind is missing.', `--kind ${inboxKindEntries[0][0]}`);
  return {
    name: values.name,
    inbox,
    default_sender: values['default-sender'],
    conversation_rules: readRulesChange(values),
  };
};

const updateOptions = {
  name: text('NAME', 'A new name.'),
  state: choice(['active', 'disabled'], 'Switch the workspace on or off.'),
  'default-sender': senderOption,
  'no-default-sender': flag('Remove the default sender.'),
  ...conversationOptions,
  ...inboxOptions,
} as const;

const readWorkspaceChange = async ({ values, argument }: Call<typeof updateOptions>): Promise<UpdateWorkspace> => {
  if (values['no-default-sender'] && values['default-sender'] !== undefined)
    throw new UsageError('Give either --default-sender or --no-default-sender.');
  const change = {
    name: values.name,
    state: values.state,
    default_sender: values['no-default-sender'] ? null : values['default-sender'],
    conversation_rules: readRulesChange(values),
    inbox: await readInbox(values),
  };
  if (Object.values(change).every((value) => value === undefined))
    throw new UsageError('There is nothing to change.', `chatferry workspaces update ${argument} --name Support`);
  return change;
};

export const workspaceCommands: readonly Command[] = [
  operationCommand({
    name: 'workspaces create',
    operation: 'createWorkspace',
    description: `Connects ${anyAccount}. The credentials are stored encrypted and never shown again.`,
    options: createOptions,
    examples: inboxKindEntries.map(([, { exampleOptions }]) => `workspaces create --name Support ${exampleOptions}`),
    request: readNewWorkspace,
    view: describeNewWorkspace,
  }),
  listCommand({
    name: 'workspaces list',
    operation: 'listWorkspaces',
    show: rowOfWorkspace,
    columns: ['id', 'name', 'inbox', 'state', 'created'],
    empty: 'There are no workspaces. Connect one: chatferry workspaces create --help',
  }),
  operationCommand({
    name: 'workspaces show',
    operation: 'getWorkspace',
    view: (workspace) => [...describeWorkspace(workspace), describeWebhook(workspace)],
  }),
  operationCommand({
    name: 'workspaces update',
    operation: 'updateWorkspace',
    description:
      'Options that are not given do not change anything. --kind replaces all settings and credentials of the inbox; it must be the same kind as before.',
    options: updateOptions,
    examples: [
      'workspaces update wsp_01k8xample --default-sender 814860',
      'workspaces update wsp_01k8xample --new-conversation closed:1d --assign-new-to team:5017691',
      `workspaces update wsp_01k8xample ${inboxKindEntries[0][1].exampleOptions}`,
    ],
    request: readWorkspaceChange,
    view: describeWorkspace,
  }),
  deleteCommand({
    name: 'workspaces delete',
    operation: 'deleteWorkspace',
    description: 'The conversations in the inbox remain there.',
    confirmation: (workspace) => `Delete the workspace ${workspace} with all its channels and keys?`,
  }),
];
