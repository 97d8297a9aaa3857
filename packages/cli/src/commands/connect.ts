import type { Chatferry, Connection, Workspace } from '@chatferry/sdk';
import { type Command, command, type Said } from '../command.ts';
import { flag, text } from '../option.ts';
import { block, paragraphs, table, time } from '../output.ts';
import { UsageError } from '../usage-error.ts';
import { inboxOptions, readApp } from './inbox-options.ts';

const names = { intercom: 'Intercom', hubspot: 'HubSpot' } as const;

/** What must stand in the app before the link works, and the link. */
const stepsOf = ({ kind, redirect_url, scopes, start_url, expires_at }: Connection): string => {
  const permissions =
    scopes.length === 0
      ? ''
      : `\n2. Its scopes must include exactly what is asked for:\n${scopes.map((scope) => `     ${scope}`).join('\n')}`;
  return `1. In your ${names[kind]} app, this must stand among the redirect URLs:\n     ${redirect_url}${permissions}
${scopes.length === 0 ? 2 : 3}. Whoever may install apps there opens this, by ${time(expires_at)}:\n     ${start_url}`;
};

/** What an Intercom workspace needs so that agents' answers come out; HubSpot needs nothing. */
export const subscriptionOf = ({ webhook_url: url, webhook_topics: topics }: Workspace): string | null =>
  url === null || topics.length === 0
    ? null
    : `So that agents’ answers go out, in the Developer Hub, in your app, under Webhooks, enter the address\n  ${url}\nwith these topics:\n${topics.map((topic) => `  ${topic}`).join('\n')}`;

const waitSeconds = 25;

async function awaitEnd(client: Chatferry, begun: Connection): Promise<Connection> {
  let connection = begun;
  while (connection.state === 'waiting')
    connection = await client.getConnection({ connection_id: begun.id, wait_seconds: waitSeconds });
  return connection;
}

/** How it ended, or how it stands. */
async function tellOf(client: Chatferry, connection: Connection): Promise<Said> {
  if (connection.workspace_id === null || connection.state !== 'connected') {
    const facts = block({
      connection: connection.id,
      state: connection.state,
      expires: time(connection.expires_at),
      problem: connection.problem?.message,
    });
    const steps = connection.state === 'waiting' ? stepsOf(connection) : 'Begin again: chatferry workspaces connect';
    return { json: connection, text: paragraphs(facts, steps), exitCode: connection.state === 'waiting' ? 0 : 1 };
  }
  const workspace = await client.getWorkspace({ workspace_id: connection.workspace_id });
  const { data: inboxes } =
    connection.kind === 'hubspot' ? await client.listInboxes({ workspace_id: workspace.id }) : { data: [] };
  const choice = inboxes.length > 1 ? ' --inbox ID' : '';
  return {
    json: connection,
    text: paragraphs(
      `${workspace.name} is connected as ${workspace.id}.`,
      subscriptionOf(workspace),
      inboxes.length > 1
        ? `The portal has several inboxes:\n${table(
            ['ID', 'NAME', 'KIND'],
            inboxes.map(({ id, name, kind }) => [id, name, kind]),
          )}`
        : null,
      `Next, connect a bot:\n  chatferry channels create --workspace ${workspace.id}${choice}`,
    ),
  };
}

export const connectCommands: readonly Command[] = [
  command({
    name: 'workspaces connect',
    summary: 'Connect an inbox by OAuth, or renew its grant.',
    description:
      'Prints the link to open, and with --wait stays until the person is done. Client id and secret come from the settings of the gateway where they are not given.',
    auth: 'admin',
    options: {
      name: text('NAME', 'What you call the new workspace; the name of the account when absent.'),
      workspace: text('ID', 'Renew the grant of this workspace.'),
      wait: flag('Stay until it is connected, or came to nothing.'),
      ...inboxOptions,
    },
    examples: [
      'workspaces connect --kind hubspot --name Support --client-id ID --client-secret-file ./client-secret --wait',
      'workspaces connect --workspace wsp_01k8xample --wait',
    ],
    async run({ values, connect, tell }) {
      const inbox = await readApp(values);
      if (inbox === undefined && values.workspace === undefined)
        throw new UsageError('--kind is missing, or --workspace to renew a grant.', '--kind hubspot');
      const client = await connect();
      const begun = await client.createConnection({ name: values.name, workspace_id: values.workspace, inbox });
      if (!values.wait) {
        const later = `Then see what became of it:\n  chatferry workspaces connection ${begun.id} --wait`;
        return { json: begun, text: paragraphs(stepsOf(begun), later) };
      }
      tell(`${stepsOf(begun)}\n\nWaiting …`);
      return tellOf(client, await awaitEnd(client, begun));
    },
  }),
  command({
    name: 'workspaces connection',
    summary: 'Show what became of an install by OAuth.',
    description: 'Ends with 1 where it came to nothing.',
    argument: 'connection',
    auth: 'admin',
    options: { wait: flag('Stay until it is connected, or came to nothing.') },
    examples: ['workspaces connection con_01k8xample --wait'],
    async run({ values, subject, connect }) {
      const client = await connect();
      const connection = await client.getConnection({ connection_id: subject });
      return tellOf(client, values.wait ? await awaitEnd(client, connection) : connection);
    },
  }),
  command({
    name: 'workspaces inboxes',
    summary: 'List the inboxes of a HubSpot portal.',
    argument: 'workspace',
    auth: 'admin',
    options: {},
    examples: ['workspaces inboxes wsp_01k8xample'],
    async run({ subject, connect }) {
      const json = await (await connect()).listInboxes({ workspace_id: subject });
      const rows = json.data.map(({ id, name, kind }) => [id, name, kind]);
      const none = 'There are no inboxes to choose from; Intercom has none.';
      return { json, text: rows.length === 0 ? none : table(['ID', 'NAME', 'KIND'], rows) };
    },
  }),
];
