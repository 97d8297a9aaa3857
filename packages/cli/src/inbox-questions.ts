/** What a person is asked to connect each kind of inbox. Beside `inbox-kinds.ts`, the only file of the command that names them. */
import type { ConnectInbox, InboxInput } from '@chatferry/sdk';
import type { InboxKind } from './inbox-kinds.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** With a credential the inbox is connected at once; an app by OAuth, in a browser. */
export type AskedInbox =
  | { readonly way: 'credential'; readonly inbox: InboxInput }
  | { readonly way: 'oauth'; readonly inbox: ConnectInbox };

interface Questions {
  /** What the choice says beside the name. */
  readonly hint: string;
  ask(terminal: Terminal): Promise<AskedInbox>;
}

/** Asks without echo. Throws `UsageError` without an answer. */
export const askHidden = async (terminal: Terminal, question: string): Promise<string> => {
  const answer = (await terminal.ask(question, { isHidden: true })).trim();
  if (answer === '') throw new UsageError(`${question}: there was no answer.`);
  return answer;
};

const askIntercom = async (terminal: Terminal): Promise<AskedInbox> => {
  const region = await terminal.choose('Where is the Intercom workspace hosted?', [
    { value: 'us', label: 'United States' },
    { value: 'eu', label: 'Europe' },
    { value: 'au', label: 'Australia' },
  ]);
  const question = 'Access token of your Intercom app (Developer Hub, Authentication)';
  const accessToken = await askHidden(terminal, question);
  return { way: 'credential', inbox: { kind: 'intercom', region, access_token: accessToken } };
};

const askHubspot = async (terminal: Terminal): Promise<AskedInbox> => {
  const question =
    'Client id of your HubSpot app (its Auth page). Leave it empty if the settings of the gateway have the app';
  const clientId = (await terminal.ask(question, { isHidden: false })).trim();
  if (clientId === '') return { way: 'oauth', inbox: { kind: 'hubspot' } };
  const clientSecret = await askHidden(terminal, 'Client secret of the app (its Auth page)');
  const developerApiKey = await askHidden(terminal, 'Developer API key (Keys, Developer API key)');
  const app = { client_id: clientId, client_secret: clientSecret, developer_api_key: developerApiKey };
  return { way: 'oauth', inbox: { kind: 'hubspot', ...app } };
};

export const inboxQuestions: Readonly<Record<InboxKind, Questions>> = {
  intercom: { hint: 'needs an access token', ask: askIntercom },
  hubspot: { hint: 'in the browser; needs a public address of the gateway', ask: askHubspot },
};
