/** Connects an inbox while `setup` runs. */
import type { Chatferry, ConnectInbox, Workspace } from '@chatferry/sdk';
import type { Call } from '../command.ts';
import { type InboxKind, inboxKinds } from '../inbox-kinds.ts';
import { inboxQuestions } from '../inbox-questions.ts';
import type { Options } from '../option.ts';
import { UsageError } from '../usage-error.ts';
import { describeSteps, describeWebhook, waitForEnd } from './connect.ts';

type Asking = Pick<Call<Options>, 'terminal' | 'notify'>;

const workspaceName = 'Support';

/** Says what to do in the app and in the browser, and waits for it. */
const connectByOauth = async ({ notify }: Asking, client: Chatferry, inbox: ConnectInbox): Promise<Workspace> => {
  const begun = await client.connections.create({ name: workspaceName, inbox });
  notify(`${describeSteps(begun)}\n\nWaiting …`);
  const { workspace_id: id, problem } = await waitForEnd(client, begun);
  if (id === null)
    throw new UsageError(
      `The inbox was not connected: ${problem?.message ?? 'the link was not used in time.'} Run setup again.`,
    );
  return client.workspaces.get(id);
};

/** Asks for what a new inbox needs, connects it, and says what is left to do there. */
export const connectNewInbox = async (call: Asking, client: Chatferry, kind: InboxKind): Promise<Workspace> => {
  const asked = await inboxQuestions[kind].ask(call.terminal);
  const workspace =
    asked.way === 'credential'
      ? await client.workspaces.create({ name: workspaceName, inbox: asked.inbox })
      : await connectByOauth(call, client, asked.inbox);
  call.notify(`${inboxKinds[kind].displayName} is connected as ${workspace.id}.`);
  const webhook = describeWebhook(workspace);
  if (webhook !== null) call.notify(webhook);
  return workspace;
};

/** The inbox of the account in which the bot's conversations appear. Undefined where there is no choice. */
export const choosePortalInbox = async (
  { terminal }: Asking,
  client: Chatferry,
  workspaceId: string,
): Promise<string | undefined> => {
  const { data } = await client.workspaces.listInboxes(workspaceId);
  if (data.length < 2) return undefined;
  return terminal.choose(
    'In which inbox do the conversations appear?',
    data.map(({ id, name, kind }) => ({ value: id, label: name, hint: kind })),
  );
};
