import { BotToken } from '@chatferry/contract';
import type { ConnectableKind, InboxKind, InboxSetup, SetupVisit } from '../../ports/inbox-kind.ts';
import type { EngineLog } from '../../ports/log.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import { ApiError } from '../api-error.ts';
import { type ConnectBotDeps, connectBot } from '../channels/connect-bot.ts';
import { type CountTry, createTryLimit, type Try } from '../limit-tries.ts';
import { type Notice, notice } from './notice.ts';
import { plainOrigin } from './plain-origin.ts';

export interface ChannelSetupDeps {
  readonly connecting: ConnectBotDeps;
  readonly store: StoreSlice<{ readonly workspaces: 'listOfAccount' }>;
  /** The address that replaces the provider's pages. Null if none does. */
  readonly standInOf: (kind: ConnectableKind) => string | null;
  /** Runs the work in the turn of this account and address, so that no crowd delays other accounts. Throws if too much waits. */
  readonly inTurn: <T>(
    of: { readonly account: string; readonly address: string },
    work: () => Promise<T>,
  ) => Promise<T>;
  readonly onChange: () => void;
  readonly log: EngineLog;
}

/** The query of the page's address, as the provider made it. */
export type SetupQuery = Readonly<Record<string, string | undefined>>;

/** What a person enters in the form, and where they are. */
export interface SetupVisitor {
  readonly botToken: string;
  readonly address: string;
}

/**
 * Connects a bot from the settings of the inbox's provider. No sign-in is needed: a person who has a bot's token may connect that bot,
 * and the provider accepts its own query only once, from an administrator of that account. Until the provider has accepted it, the
 * pages tell nothing that is not in the query: not whether the account is connected, and not whether the bot's token is valid.
 */
export interface ChannelSetup {
  /** The visit, for which the form asks for a bot; or a notice about an address that the provider did not make. */
  begin(kind: SetupKind, query: SetupQuery): Notice | SetupVisit;
  /** The address to which the browser returns; or a notice that says what is wrong. Throws RATE_LIMITED after too many failures of a network, and RATE_LIMITED or UNAVAILABLE if too much waits. */
  finish(kind: SetupKind, query: SetupQuery, visitor: SetupVisitor): Promise<Notice | { readonly url: string }>;
}

/** A kind of inbox in whose own settings a connection can begin. */
export type SetupKind = InboxKind<ConnectableKind> & { readonly setup: InboxSetup };

/**
 * A person who mistypes a token tries a few times. All strangers together have no limit: they would close the page for all others. An
 * account has none for the same reason, because its number is no secret. They wait in turn.
 */
const tryLimits = { perAddress: { perSecond: 0.1, burst: 10 }, total: null };
/** Each failure is answered after this time at the earliest, so that the time does not tell how far it got. */
const failureMs = 2_000;

export function createChannelSetup(deps: ChannelSetupDeps): ChannelSetup {
  const countTry = createTryLimit(deps.connecting.clock, tryLimits);
  return {
    begin: (kind, query) => readVisit(deps, kind, query),
    async finish(kind, query, visitor) {
      const visit = readVisit(deps, kind, query);
      return 'status' in visit ? visit : finishSetup(deps, countTry, kind, visit, visitor);
    },
  };
}

function readVisit(
  { standInOf }: ChannelSetupDeps,
  { kind, displayName, setup }: SetupKind,
  query: SetupQuery,
): Notice | SetupVisit {
  const visit = setup.readQuery(query);
  if (visit === null) {
    const title = `This page is for people who come from ${displayName}`;
    return notice(400, `not_from_${kind}`, title, setup.howToBegin);
  }
  if (!leadsBack(visit.returnUrl, setup, standInOf(kind))) {
    const title = `This link does not lead back to ${displayName}`;
    return notice(400, 'foreign_address', title, 'Begin again in the settings of the inbox.');
  }
  return visit;
}

async function finishSetup(
  deps: ChannelSetupDeps,
  countTry: CountTry,
  kind: SetupKind,
  visit: SetupVisit,
  { botToken, address }: SetupVisitor,
): Promise<Notice | { readonly url: string }> {
  const { channelKind, clock } = deps.connecting;
  const token = BotToken.safeParse(botToken.trim());
  if (!token.success) {
    const shape = `${channelKind.tokenIssuer} shows it: ${channelKind.tokenShape}.`;
    return notice(400, 'bad_token', 'This is not the token of a bot', shape, 'Go back and try again.');
  }
  const tried = countTry(address);
  if (tried.waitMs > 0) throw new ApiError('RATE_LIMITED', { retryAfterMs: tried.waitMs, message: tooMany });
  const startedAtMs = clock.monotonicMs();
  const problem = await runTry(tried, () =>
    deps.inTurn({ account: `${kind.kind} ${visit.account}`, address }, () =>
      connectFound(deps, kind, visit, token.data),
    ),
  );
  if (problem === null) {
    tried.giveBack();
    deps.onChange();
    return { url: visit.returnUrl };
  }
  deps.log.warn('setup.refused', { kind: kind.kind, account: visit.account, problem });
  await clock.sleep(Math.max(0, startedAtMs + failureMs - clock.monotonicMs()));
  return refusedNotice(deps, kind, visit);
}

/** What could not be tried counts as no failure. */
async function runTry<T>({ giveBack }: Try, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (cause) {
    giveBack();
    throw cause;
  }
}

/** Connects the bot. Null if that worked, or else what is wrong, which only the operator may read. */
async function connectFound(
  { connecting, store }: ChannelSetupDeps,
  { kind, originsOf }: SetupKind,
  visit: SetupVisit,
  token: string,
): Promise<string | null> {
  // Only the provider itself vouches for an account: another server could claim any.
  const [origin = ''] = originsOf({});
  const workspace = chooseWorkspace(await store.workspaces.listOfAccount(kind, origin, visit.account));
  if (workspace === null) return 'the account is not connected';
  try {
    await connectBot(connecting, { workspace, token, choice: { begun: visit.begun } });
    return null;
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause;
    return cause.message;
  }
}

const chooseWorkspace = (workspaces: readonly WorkspaceRecord[]): WorkspaceRecord | null =>
  workspaces.find(({ state }) => state !== 'disabled') ?? null;

/** The same for every reason, so that a stranger learns nothing from it. */
function refusedNotice(
  { connecting: { channelKind } }: ChannelSetupDeps,
  { kind, displayName, setup }: SetupKind,
  { account }: SetupVisit,
): Notice {
  const { displayName: channelName, tokenIssuer } = channelKind;
  return notice(
    409,
    'bot_not_connected',
    'The bot was not connected',
    `One of these is the reason, and the log of Chatferry says which. ${channelName} did not accept the token: copy it again from ${tokenIssuer}.`,
    'The bot is connected already: use another one.',
    `The link was used before or is too old: begin again in the settings of the inbox in ${displayName}.`,
    `The ${setup.accountNoun} ${account} is not connected to Chatferry: the administrator of Chatferry connects it with the command chatferry workspaces connect --kind ${kind}`,
  );
}

const tooMany =
  'Too many bots could not be connected from your network. Wait as long as Retry-After says, and try again.';

/** The browser is only sent back to the provider: the maker of the link could name any address. */
function leadsBack(address: string, setup: InboxSetup, standIn: string | null): boolean {
  if (plainOrigin(address) === null) return false;
  const url = new URL(address);
  return (standIn !== null && url.origin === new URL(standIn).origin) || setup.isReturnUrl(url);
}
