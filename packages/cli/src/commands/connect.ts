import type { Chatferry, Connection, PortalInbox, PortalInboxes, Workspace } from '@chatferry/sdk';
import { type Call, type Command, defineCommand, type Outcome } from '../command.ts';
import { inboxKindEntries, inboxKinds, inboxOptions, kindsWithInboxes } from '../inbox-kinds.ts';
import { operationCommand } from '../operation-command.ts';
import { flag, text } from '../option.ts';
import { UsageError } from '../usage-error.ts';
import { fields, type Row, table, time, titled, type View } from '../view.ts';
import { readApp } from './read-inbox.ts';

/** What to enter in the settings of the app, and the link to open then. */
export const describeSteps = ({ kind, redirect_url, scopes, start_url, expires_at }: Connection): string => {
  const scopeStep = `Its scopes must include exactly these:\n${scopes.map((scope) => `     ${scope}`).join('\n')}`;
  const steps = [
    `In your ${inboxKinds[kind].displayName} app, add this redirect URL:\n     ${redirect_url}`,
    ...(scopes.length === 0 ? [] : [scopeStep]),
    `A person who may install apps there opens this link before ${time(expires_at)}:\n     ${start_url}`,
  ];
  return steps.map((step, index) => `${index + 1}. ${step}`).join('\n');
};

/** The webhook that must be entered by hand, if there is one. */
export const describeWebhook = ({ inbox, webhook_url: url, webhook_topics: topics }: Workspace): string | null =>
  url === null || topics.length === 0 || inbox.kind === 'test'
    ? null
    : `So that replies of agents reach Telegram, enter this address ${inboxKinds[inbox.kind].webhookSettings}:\n  ${url}\nwith these topics:\n${topics.map((topic) => `  ${topic}`).join('\n')}`;

const waitSeconds = 25;

/** Waits until the install has ended in any way. */
export const waitForEnd = async (client: Chatferry, connection: Connection): Promise<Connection> => {
  let current = connection;
  while (current.state === 'waiting')
    current = await client.connections.get(connection.id, { wait_seconds: waitSeconds });
  return current;
};

const rowOfInbox = ({ id, name, kind }: PortalInbox): Row => ({ id, name, kind });

const describeConnected = (workspace: Workspace, inboxes: readonly PortalInbox[]): View => {
  const hasChoice = inboxes.length > 1;
  return [
    `${workspace.name} is connected as ${workspace.id}.`,
    describeWebhook(workspace),
    hasChoice ? titled('The portal has several inboxes:', table(inboxes.map(rowOfInbox))) : null,
    `Next, connect a bot:\n  chatferry channels create --workspace ${workspace.id}${hasChoice ? ' --inbox ID' : ''}`,
  ];
};

const describeUnconnected = (connection: Connection): View => [
  fields({
    connection: connection.id,
    state: connection.state,
    expires: time(connection.expires_at),
    problem: connection.problem?.message,
  }),
  connection.state === 'waiting' ? describeSteps(connection) : 'Start again: chatferry workspaces connect',
];

const outcomeOf = async (client: Chatferry, connection: Connection): Promise<Outcome> => {
  if (connection.workspace_id === null || connection.state !== 'connected') {
    const exitCode = connection.state === 'waiting' ? 0 : 1;
    return { json: connection, view: describeUnconnected(connection), exitCode };
  }
  const workspace = await client.workspaces.get(connection.workspace_id);
  const { data: inboxes } = inboxKinds[connection.kind].hasInboxes
    ? await client.workspaces.listInboxes(workspace.id)
    : { data: [] };
  return { json: connection, view: describeConnected(workspace, inboxes) };
};

const connectOptions = {
  name: text('NAME', 'The name of the new workspace. Default: the name of the account.'),
  workspace: text('ID', 'Renew the authorization of this workspace.'),
  wait: flag('Wait until the inbox is connected or the install has failed.'),
  ...inboxOptions,
} as const;

const connectInbox = async ({ values, connect, notify }: Call<typeof connectOptions>): Promise<Outcome> => {
  const inbox = await readApp(values);
  if (inbox === undefined && values.workspace === undefined)
    throw new UsageError('Give --kind, or --workspace to renew an authorization.', `--kind ${inboxKindEntries[0][0]}`);
  const client = await connect();
  const connection = await client.connections.create({ name: values.name, workspace_id: values.workspace, inbox });
  const steps = describeSteps(connection);
  if (!values.wait) {
    const next = `Then see the result:\n  chatferry workspaces connection ${connection.id} --wait`;
    return { json: connection, view: [steps, next] };
  }
  notify(`${steps}\n\nWaiting …`);
  return outcomeOf(client, await waitForEnd(client, connection));
};

const connectionOptions = { wait: connectOptions.wait } as const;

const showConnection = async ({ values, argument, connect }: Call<typeof connectionOptions>): Promise<Outcome> => {
  const client = await connect();
  const connection = await client.connections.get(argument);
  return outcomeOf(client, values.wait ? await waitForEnd(client, connection) : connection);
};

const describeInboxes = ({ data }: PortalInboxes): View =>
  data.length === 0
    ? [`There are no inboxes to choose from; only ${kindsWithInboxes} has them.`]
    : [table(data.map(rowOfInbox))];

export const connectCommands: readonly Command[] = [
  defineCommand({
    name: 'workspaces connect',
    operation: 'createConnection',
    description:
      "Prints the link to open. With --wait it waits until the person is done. The client id and the client secret come from the gateway's settings if they are not given.",
    options: connectOptions,
    examples: [
      ...inboxKindEntries.map(
        ([kind]) =>
          `workspaces connect --kind ${kind} --name Support --client-id ID --client-secret-file ./client-secret --wait`,
      ),
      'workspaces connect --workspace wsp_01k8xample --wait',
    ],
    run: connectInbox,
  }),
  defineCommand({
    name: 'workspaces connection',
    operation: 'getConnection',
    description: 'Exits with 1 if the install failed.',
    options: connectionOptions,
    examples: ['workspaces connection con_01k8xample --wait'],
    run: showConnection,
  }),
  operationCommand({
    name: 'workspaces inboxes',
    operation: 'listInboxes',
    view: describeInboxes,
  }),
];
