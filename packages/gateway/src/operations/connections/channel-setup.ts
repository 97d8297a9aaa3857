import { BotToken } from '@chatferry/contract';
import { Secret } from '../../ports/secret.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import { ApiError } from '../api-error.ts';
import { type ConnectBotDeps, connectBot } from '../channels/connect-bot.ts';
import { type Notice, notice } from './notice.ts';

/** What HubSpot sends along with an admin who chose our channel in the settings of an inbox. */
export interface SetupQuery {
  readonly accountToken: string;
  readonly channelId: string;
  readonly inboxId: string;
  readonly portalId: string;
  /** Where HubSpot waits for the browser. */
  readonly redirectUrl: string;
}

export interface ChannelSetupDeps {
  readonly connecting: ConnectBotDeps;
  readonly store: StoreSlice<{ readonly workspaces: 'listOfAccount' }>;
  /** The origin that stands in for HubSpot's pages; null where none does. */
  readonly standIn: string | null;
  readonly onChange: () => void;
}

/**
 * A bot that is connected from HubSpot's side. Nobody signs in: who has a bot's token may connect that bot, and HubSpot takes the
 * `accountToken`, once, only from an admin of that portal. The inbox was chosen there.
 */
export interface ChannelSetup {
  /** The portal's workspace, for which a bot is asked; or why there is none. */
  begin(query: Partial<SetupQuery>): Promise<Notice | { readonly workspaceName: string; readonly query: SetupQuery }>;
  /** Where the browser goes back to; or what is wrong. */
  finish(query: Partial<SetupQuery>, botToken: string): Promise<Notice | { readonly url: string }>;
}

export function createChannelSetup(deps: ChannelSetupDeps): ChannelSetup {
  const open = async (
    given: Partial<SetupQuery>,
  ): Promise<Notice | { readonly workspace: WorkspaceRecord; readonly query: SetupQuery }> => {
    const query = wholeQuery(given);
    if (query === null) {
      return notice(
        400,
        'not_from_hubspot',
        'This page is for people who come from HubSpot',
        'In HubSpot, open the settings of an inbox or help desk, choose to connect a channel, and choose this one.',
      );
    }
    if (!isHubspot(query.redirectUrl, deps.standIn)) {
      return notice(
        400,
        'foreign_address',
        'This link does not lead back to HubSpot',
        'Begin again in the settings of the inbox.',
      );
    }
    const [workspace] = (await deps.store.workspaces.listOfAccount('hubspot', query.portalId)).filter(
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
  };

  return {
    async begin(given) {
      const opened = await open(given);
      return 'status' in opened ? opened : { workspaceName: opened.workspace.name, query: opened.query };
    },

    async finish(given, botToken) {
      const opened = await open(given);
      if ('status' in opened) return opened;
      const { workspace, query } = opened;
      const token = BotToken.safeParse(botToken.trim());
      const retry = 'Go back and try again, or begin again in the settings of the inbox.';
      if (!token.success) {
        return notice(
          400,
          'bad_token',
          'This is not the token of a bot',
          'BotFather shows it: digits, a colon, and at least 24 characters.',
          retry,
        );
      }
      try {
        const { accountToken, channelId } = query;
        await connectBot(deps.connecting, {
          workspace,
          token: new Secret(token.data),
          choice: { begun: { channelId, accountToken } },
        });
        deps.onChange();
        return { url: query.redirectUrl };
      } catch (cause) {
        if (!(cause instanceof ApiError)) throw cause;
        const isForLater = cause.error === 'UNAVAILABLE';
        return notice(
          isForLater ? 503 : 409,
          cause.error.toLowerCase(),
          'The bot was not connected',
          cause.message,
          retry,
        );
      }
    },
  };
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

/** The browser goes on to HubSpot only: whoever made the link could send it anywhere else. */
function isHubspot(address: string, standIn: string | null): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, origin } = new URL(address);
  if (standIn !== null && origin === standIn) return true;
  return protocol === 'https:' && (hostname === 'hubspot.com' || hostname.endsWith('.hubspot.com'));
}
