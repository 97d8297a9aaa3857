import type { ConnectionProblem } from '@chatferry/contract';
import type { BoundInbox } from '../../ports/bound-inbox.ts';
import type { Inbox, InboxAccount } from '../../ports/inbox.ts';
import type { Granted, InboxApp, InboxAuthorization } from '../../ports/inbox-authorization.ts';
import type { ConnectableKind, InboxKind, InboxKindName } from '../../ports/inbox-kind.ts';
import type { ConnectionRecord } from '../../store/connections.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import { accountTaken } from '../workspaces/account-taken.ts';
import { redirectUrlOf } from '../workspaces/hook-urls.ts';
import type { TryInbox } from '../workspaces/try-inbox.ts';
import { beginAgain, type Notice, notice } from './notice.ts';
import { type StoreWorkspaceDeps, storeWorkspace } from './store-workspace.ts';

export interface RedeemDeps extends StoreWorkspaceDeps {
  readonly store: StoreSlice<{
    readonly workspaces: 'insert' | 'update' | 'read';
    readonly connections: 'release' | 'finish';
  }>;
  readonly authorizations: Readonly<Record<ConnectableKind, InboxAuthorization>>;
  readonly tryInbox: TryInbox;
  readonly inboxKinds: Readonly<Record<InboxKindName, InboxKind>>;
  readonly publicUrl: string | null;
  readonly onChange: () => void;
}

/** Why there is no workspace. The last sentence says what to do, where a new install is not enough. */
interface Failure {
  readonly kind: 'failed';
  readonly code: ConnectionProblem;
  readonly message: string;
}

type Redeemed =
  | { readonly kind: 'connected'; readonly workspace: WorkspaceRecord }
  | Failure
  /** The code was not used up and may still be valid. In all other cases only a new install helps. */
  | { readonly kind: 'unavailable'; readonly detail: string };

/** The account that was chosen on the page of the provider, opened with the new grant. */
interface GrantedAccount {
  readonly kind: 'granted';
  readonly account: InboxAccount;
  readonly inbox: Inbox;
  readonly input: () => BoundInbox;
}

/** Ends an install with the code that the browser brought back: in a workspace, or with the reason why there is none. */
export async function redeemCode(
  deps: RedeemDeps,
  record: ConnectionRecord,
  app: InboxApp,
  code: string,
): Promise<Notice> {
  const { connections } = deps.store;
  const redeemed = await connect(deps, record, app, code);
  switch (redeemed.kind) {
    case 'connected':
      await connections.finish(record.id, { workspaceId: redeemed.workspace.id });
      deps.onChange();
      return connectedNotice(deps, redeemed.workspace);
    case 'unavailable':
      await connections.release(record.id);
      return unavailableNotice(deps.inboxKinds[record.inboxKind], redeemed.detail);
    case 'failed':
      await connections.finish(record.id, { problem: { code: redeemed.code, message: redeemed.message } });
      return failedNotice(deps, record, redeemed);
  }
}

async function connect(deps: RedeemDeps, record: ConnectionRecord, app: InboxApp, code: string): Promise<Redeemed> {
  const granted = await openGrantedAccount(deps, record, app, code);
  if (granted.kind !== 'granted') return granted;
  const problem = (await checkAccount(deps, record, granted.account)) ?? (await checkSettings(granted.inbox));
  if (problem !== null) return problem;
  const workspace = await storeWorkspace(deps, record, granted.input(), granted.account);
  return workspace === null ? failure('already_connected', accountTaken) : { kind: 'connected', workspace };
}

async function openGrantedAccount(
  deps: RedeemDeps,
  { inboxKind, defaultSender }: ConnectionRecord,
  app: InboxApp,
  code: string,
): Promise<GrantedAccount | Exclude<Redeemed, { readonly kind: 'connected' }>> {
  const redirectUrl = redirectUrlOf(deps.publicUrl ?? '', inboxKind);
  const redeemed = await deps.authorizations[inboxKind].redeem(app, { code, redirectUrl });
  if (redeemed.kind === 'deferred') return { kind: 'unavailable', detail: redeemed.detail };
  if (redeemed.kind !== 'ok') {
    const isWrongApp = redeemed.kind === 'rejected' && redeemed.why === 'wrong-app';
    return failure(isWrongApp ? 'wrong_app' : 'refused', redeemed.detail);
  }
  const tooFewScopes = checkScopes(deps.inboxKinds[inboxKind], redeemed.value);
  if (tooFewScopes !== null) return tooFewScopes;
  const { inbox, input } = deps.tryInbox(redeemed.value.input, defaultSender);
  const described = await inbox.describe();
  if (described.kind !== 'ok') return failure('refused', described.detail);
  return { kind: 'granted', account: described.value, inbox, input };
}

function checkScopes({ displayName, missingScopesAdvice }: InboxKind, { missingScopes }: Granted): Failure | null {
  if (missingScopes.length === 0) return null;
  return failure(
    'missing_scopes',
    `${displayName} gave the app fewer scopes than it needs; missing: ${missingScopes.join(', ')}. ${missingScopesAdvice}`,
  );
}

/** The chosen account must be the one of the workspace to renew. The store refuses one that another workspace has. */
async function checkAccount(
  { store, inboxKinds }: RedeemDeps,
  { inboxKind: kind, workspaceId }: ConnectionRecord,
  account: InboxAccount,
): Promise<Failure | null> {
  const before = workspaceId === null ? null : await store.workspaces.read(workspaceId);
  if (before !== null && before.inboxAccount !== null && before.inboxAccount !== account.accountId) {
    return failure(
      'wrong_account',
      `You chose ${account.account}, but the workspace ${before.id} (${before.name}) belongs to the account ${before.inboxAccount}. Choose that one on the page of ${inboxKinds[kind].displayName}, or connect this one as a workspace of its own: chatferry workspaces connect --kind ${kind}`,
    );
  }
  return null;
}

async function checkSettings(inbox: Inbox): Promise<Failure | null> {
  const checked = await inbox.checkSettings?.();
  if (checked === undefined) return null;
  if (checked.kind !== 'ok') return failure('refused', checked.detail);
  const [first] = checked.value;
  return first === undefined ? null : failure('unfit_setting', `inbox.${first.field} ${first.detail}`);
}

const failure = (code: ConnectionProblem, message: string): Failure => ({ kind: 'failed', code, message });

function connectedNotice({ inboxKinds }: RedeemDeps, { id, name, inboxKind }: WorkspaceRecord): Notice {
  const { displayName, webhookTopics, webhookSettingsPage } = inboxKinds[inboxKind];
  return notice(
    200,
    'connected',
    `${displayName} is connected`,
    `${name} is the workspace ${id}.`,
    webhookTopics.length === 0
      ? ''
      : `So that the agents' replies are sent, enter the webhook address and the topics that this command shows in ${webhookSettingsPage}: chatferry workspaces show ${id}`,
    `Next, connect a bot: chatferry channels create --workspace ${id}`,
  );
}

const unavailableNotice = ({ displayName }: InboxKind, detail: string): Notice =>
  notice(
    503,
    'unavailable',
    `${displayName} could not be reached`,
    `${detail}. Nothing was connected yet.`,
    'Reload this page to try again.',
  );

const failedNotice = (
  { inboxKinds }: RedeemDeps,
  { inboxKind, workspaceId }: ConnectionRecord,
  { code, message }: Failure,
): Notice =>
  notice(
    409,
    code,
    `${inboxKinds[inboxKind].displayName} was not connected`,
    toSentence(message),
    beginAgain(inboxKind, workspaceId),
  );

const toSentence = (words: string): string =>
  `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.:!?]$/.test(words) ? '' : '.'}`;
