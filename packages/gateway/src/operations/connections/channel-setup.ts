import { BotToken } from '@chatferry/contract';
import type { InboxKind, InboxKindName, InboxSetup, SetupVisit } from '../../ports/inbox-kind.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import { ApiError } from '../api-error.ts';
import { type ConnectBotDeps, connectBot } from '../channels/connect-bot.ts';
import { type Notice, notice } from './notice.ts';

export interface ChannelSetupDeps {
  readonly connecting: ConnectBotDeps;
  readonly store: StoreSlice<{ readonly workspaces: 'listOfAccount' }>;
  /** The address that replaces the provider's pages. Null if none does. */
  readonly standInOf: (kind: InboxKindName) => string | null;
  readonly onChange: () => void;
}

/** The query of the page's address, as the provider made it. */
export type SetupQuery = Readonly<Record<string, string | undefined>>;

/**
 * Connects a bot from the settings of the inbox's provider. Nobody signs in: a person who has a bot's token may connect that bot,
 * and the provider accepts its own query only once, from an administrator of that account.
 */
export interface ChannelSetup {
  /** The workspace of the account, for which the form asks for a bot; or a notice where there is none. */
  begin(kind: SetupKind, query: SetupQuery): Promise<Notice | OpenSetup>;
  /** The address to which the browser returns; or a notice that says what is wrong. */
  finish(kind: SetupKind, query: SetupQuery, botToken: string): Promise<Notice | { readonly url: string }>;
}

/** A kind of inbox in whose own settings a connection can begin. */
export type SetupKind = InboxKind & { readonly setup: InboxSetup };

export interface OpenSetup {
  readonly workspace: WorkspaceRecord;
  readonly visit: SetupVisit;
}

export function createChannelSetup(deps: ChannelSetupDeps): ChannelSetup {
  return {
    begin: (kind, query) => openSetup(deps, kind, query),
    async finish(kind, query, botToken) {
      const opened = await openSetup(deps, kind, query);
      return 'status' in opened ? opened : finishSetup(deps, opened, botToken);
    },
  };
}

async function openSetup(
  { store, standInOf }: ChannelSetupDeps,
  { kind, displayName, setup, originsOf }: SetupKind,
  query: SetupQuery,
): Promise<Notice | OpenSetup> {
  const visit = setup.readQuery(query);
  if (visit === null) {
    const title = `This page is for people who come from ${displayName}`;
    return notice(400, `not_from_${kind}`, title, setup.howToBegin);
  }
  if (!leadsBack(visit.returnUrl, setup, standInOf(kind))) {
    const title = `This link does not lead back to ${displayName}`;
    return notice(400, 'foreign_address', title, 'Begin again in the settings of the inbox.');
  }
  // Only the provider itself vouches for an account: another server could claim any.
  const [workspace] = (await store.workspaces.listOfAccount(kind, originsOf({})[0] ?? '', visit.account)).filter(
    ({ state }) => state !== 'disabled',
  );
  if (workspace === undefined) {
    return notice(
      404,
      `${setup.accountNoun}_not_connected`,
      `The ${setup.accountNoun} ${visit.account} is not connected to Chatferry`,
      `The administrator of Chatferry connects it first: chatferry workspaces connect --kind ${kind}`,
    );
  }
  return { workspace, visit };
}

async function finishSetup(
  { connecting, onChange }: ChannelSetupDeps,
  { workspace, visit }: OpenSetup,
  botToken: string,
): Promise<Notice | { readonly url: string }> {
  const retry = 'Go back and try again, or begin again in the settings of the inbox.';
  const token = BotToken.safeParse(botToken.trim());
  if (!token.success) {
    const { tokenIssuer, tokenShape } = connecting.channelKind;
    const shape = `${tokenIssuer} shows it: ${tokenShape}.`;
    return notice(400, 'bad_token', 'This is not the token of a bot', shape, retry);
  }
  try {
    await connectBot(connecting, { workspace, token: token.data, choice: { begun: visit.begun } });
    onChange();
    return { url: visit.returnUrl };
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause;
    const status = cause.error === 'UNAVAILABLE' ? 503 : 409;
    return notice(status, cause.error.toLowerCase(), 'The bot was not connected', cause.message, retry);
  }
}

/** The browser is only sent back to the provider: the maker of the link could name any address. */
function leadsBack(address: string, setup: InboxSetup, standIn: string | null): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return (standIn !== null && url.origin === new URL(standIn).origin) || setup.isReturnUrl(url);
}
