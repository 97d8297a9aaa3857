import { BotToken } from '@chatferry/contract';
import { Secret } from '../../ports/secret.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import { ApiError } from '../api-error.ts';
import { type ConnectBotDeps, connectBot } from '../channels/connect-bot.ts';
import { type Notice, notice } from './notice.ts';

/** The query with which HubSpot sends an admin who chose our channel in the settings of an inbox. */
export interface SetupQuery {
  readonly accountToken: string;
  readonly channelId: string;
  readonly inboxId: string;
  readonly portalId: string;
  /** The page of HubSpot that waits for the browser. */
  readonly redirectUrl: string;
}

export interface ChannelSetupDeps {
  readonly connecting: ConnectBotDeps;
  readonly store: StoreSlice<{ readonly workspaces: 'listOfAccount' }>;
  /** The origin that replaces HubSpot's pages. Null where none does. */
  readonly standIn: string | null;
  readonly onChange: () => void;
}

interface SetupForm {
  readonly workspaceName: string;
  readonly query: SetupQuery;
}

interface OpenedSetup {
  readonly workspace: WorkspaceRecord;
  readonly query: SetupQuery;
}

/**
 * Connects a bot from HubSpot's settings. Nobody signs in: a person who has a bot's token may connect that bot, and HubSpot
 * accepts the `accountToken`, once, only from an admin of that portal. The inbox was chosen there.
 */
export interface ChannelSetup {
  /** What the form shows that asks for the bot; or a notice where there is no workspace for it. */
  begin(query: Partial<SetupQuery>): Promise<Notice | SetupForm>;
  /** The address to which the browser returns; or a notice that says what is wrong. */
  finish(query: Partial<SetupQuery>, botToken: string): Promise<Notice | { readonly url: string }>;
}

export const createChannelSetup = (deps: ChannelSetupDeps): ChannelSetup => ({
  begin: (query) => beginSetup(deps, query),
  finish: (query, botToken) => finishSetup(deps, query, botToken),
});

async function beginSetup(deps: ChannelSetupDeps, given: Partial<SetupQuery>): Promise<Notice | SetupForm> {
  const opened = await openSetup(deps, given);
  return 'status' in opened ? opened : { workspaceName: opened.workspace.name, query: opened.query };
}

async function finishSetup(
  deps: ChannelSetupDeps,
  given: Partial<SetupQuery>,
  botToken: string,
): Promise<Notice | { readonly url: string }> {
  const opened = await openSetup(deps, given);
  if ('status' in opened) return opened;
  const { workspace, query } = opened;
  const token = BotToken.safeParse(botToken.trim());
  if (!token.success) {
    return notice(
      400,
      'bad_token',
      'This is not the token of a bot',
      'BotFather shows it: digits, a colon, and at least 24 characters.',
      tryAgain,
    );
  }
  const { accountToken, channelId, redirectUrl } = query;
  try {
    await connectBot(deps.connecting, {
      workspace,
      token: new Secret(token.data),
      choice: { begun: { channelId, accountToken } },
    });
  } catch (cause) {
    if (cause instanceof ApiError) return notConnectedNotice(cause);
    throw cause;
  }
  deps.onChange();
  return { url: redirectUrl };
}

/** The portal's workspace, for which a bot is asked. */
async function openSetup(
  { store, standIn }: ChannelSetupDeps,
  given: Partial<SetupQuery>,
): Promise<Notice | OpenedSetup> {
  const query = wholeQuery(given);
  if (query === null) {
    return notice(
      400,
      'not_from_hubspot',
      'This page is for people who come from HubSpot',
      'In HubSpot, open the settings of an inbox or help desk, choose to connect a channel, and choose this one.',
    );
  }
  if (!isHubspot(query.redirectUrl, standIn)) {
    return notice(
      400,
      'foreign_address',
      'This link does not lead back to HubSpot',
      'Begin again in the settings of the inbox.',
    );
  }
  const [workspace] = (await store.workspaces.listOfAccount('hubspot', query.portalId)).filter(
    ({ state }) => state !== 'disabled',
  );
  if (workspace === undefined) {
    return notice(
      404,
      'portal_not_connected',
      `The portal ${query.portalId} is not connected to Chatferry`,
      'The administrator of Chatferry connects it first: chatferry workspaces connect --kind hubspot',
    );
  }
  return { workspace, query };
}

function wholeQuery({
  accountToken,
  channelId,
  inboxId,
  portalId,
  redirectUrl,
}: Partial<SetupQuery>): SetupQuery | null {
  if (!accountToken || !channelId || !inboxId || !portalId || !redirectUrl) return null;
  return /^\d{1,20}$/.test(channelId) ? { accountToken, channelId, inboxId, portalId, redirectUrl } : null;
}

/** The browser is sent back to HubSpot only. A forged link could otherwise send it anywhere. */
function isHubspot(address: string, standIn: string | null): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, origin } = new URL(address);
  if (standIn !== null && origin === standIn) return true;
  return protocol === 'https:' && (hostname === 'hubspot.com' || hostname.endsWith('.hubspot.com'));
}

const tryAgain = 'Go back and try again, or begin again in the settings of the inbox.';

const notConnectedNotice = ({ error, message }: ApiError): Notice =>
  notice(error === 'UNAVAILABLE' ? 503 : 409, error.toLowerCase(), 'The bot was not connected', message, tryAgain);
