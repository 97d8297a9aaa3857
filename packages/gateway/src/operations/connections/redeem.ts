import { type ConnectionProblem, defaultConversationRules, type InboxInput } from '@chatferry/contract';
import type { Clock, Random } from '../../ports/clock.ts';
import type { Inbox, InboxAccount } from '../../ports/inbox.ts';
import type { Granted, InboxApp, InboxAuthorization } from '../../ports/inbox-authorization.ts';
import type { InboxKind, InboxKindName } from '../../ports/inbox-kind.ts';
import type { Vault } from '../../secrets/sealed.ts';
import type { ConnectionRecord } from '../../store/connections.ts';
import type { StoreSlice } from '../../store/store.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import { newId } from '../new-id.ts';
import { redirectUrlOf } from '../workspaces/hook-urls.ts';
import { sealInbox } from '../workspaces/seal-inbox.ts';
import type { WorkspaceDeps } from '../workspaces/workspaces.ts';
import { beginAgain, type Notice, notice } from './notice.ts';

export interface RedeemDeps {
  readonly store: StoreSlice<{
    readonly workspaces: 'insert' | 'update' | 'read' | 'listOfAccount';
    readonly connections: 'release' | 'finish';
  }>;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly random: Random;
  readonly authorizations: Readonly<Record<InboxKindName, InboxAuthorization>>;
  readonly tryInbox: WorkspaceDeps['tryInbox'];
  readonly inboxKinds: Readonly<Record<InboxKindName, InboxKind>>;
  readonly publicUrl: string | null;
  readonly onChange: () => void;
}

/** Ends an install whose code came back: a workspace, or the reason why there is none. */
export type Redeem = (record: ConnectionRecord, app: InboxApp, code: string) => Promise<Notice>;

/** Why there is no workspace: the last sentence says what to do, where beginning again is not enough. */
class Failed extends Error {
  readonly code: ConnectionProblem;

  constructor(code: ConnectionProblem, message: string) {
    super(message);
    this.code = code;
  }
}

/** The code could not be redeemed, and may still be good. After that it is used up, and only a new install helps. */
class PutOff extends Error {}

export function createRedeem(deps: RedeemDeps): Redeem {
  const { store, vault, inboxKinds } = deps;

  /** The account that was chosen on the page of the provider must be the one that was meant, and nobody else's here. */
  const assertAccount = async (record: ConnectionRecord, account: InboxAccount): Promise<void> => {
    const { inboxKind: kind, workspaceId } = record;
    const before = workspaceId === null ? null : await store.workspaces.read(workspaceId);
    if (before !== null && before.inboxAccount !== null && before.inboxAccount !== account.accountId) {
      throw new Failed(
        'wrong_account',
        `You chose ${account.account}, and the workspace ${before.id} (${before.name}) belongs to the account ${before.inboxAccount}. Choose that one on the page of ${inboxKinds[kind].displayName}, or connect this one as a workspace of its own: chatferry workspaces connect --kind ${kind}`,
      );
    }
    if (account.accountId === null) return;
    const [other] = (await store.workspaces.listOfAccount(kind, account.accountId)).filter(
      ({ id }) => id !== workspaceId,
    );
    if (other !== undefined && before === null) {
      throw new Failed(
        'already_connected',
        `${account.account} is connected already, as the workspace ${other.id} (${other.name}). Renew its grant with chatferry workspaces connect --workspace ${other.id}, or delete that workspace first.`,
      );
    }
  };

  const assertScopes = (kind: InboxKindName, { missingScopes }: Granted): void => {
    if (missingScopes.length === 0) return;
    throw new Failed(
      'missing_scopes',
      `${inboxKinds[kind].displayName} gave the app less than it needs; missing: ${missingScopes.join(', ')}. ${inboxKinds[kind].missingScopesAdvice}`,
    );
  };

  const assertSettings = async (inbox: Inbox): Promise<void> => {
    const checked = await inbox.checkSettings?.();
    if (checked === undefined) return;
    if (checked.kind !== 'ok') throw new Failed('refused', checked.detail);
    const [first] = checked.value;
    if (first !== undefined) throw new Failed('unfit_setting', `inbox.${first.field} ${first.detail}`);
  };

  const keep = async (record: ConnectionRecord, input: InboxInput, account: InboxAccount): Promise<WorkspaceRecord> => {
    const inboxAccount = account.accountId;
    if (record.workspaceId !== null) {
      const before = await store.workspaces.read(record.workspaceId);
      const replaced = before === null ? undefined : { record: before, nowMs: deps.clock.nowMs() };
      const renewed = await store.workspaces.update(record.workspaceId, {
        ...sealInbox(vault, record.workspaceId, input, replaced),
        inboxAccount,
        state: 'active',
        problem: null,
      });
      if (renewed !== null) return renewed;
    }
    const id = newId('workspace', deps.clock, deps.random);
    return store.workspaces.insert({
      id,
      name: record.name ?? account.account,
      inboxKind: record.inboxKind,
      ...sealInbox(vault, id, input),
      defaultSender: record.defaultSender,
      conversationRules: defaultConversationRules(record.inboxKind),
      inboxAccount,
      hookPath: deps.random.bytes(24).toString('base64url'),
    });
  };

  const connect = async (record: ConnectionRecord, app: InboxApp, code: string): Promise<WorkspaceRecord> => {
    const redirectUrl = redirectUrlOf(deps.publicUrl ?? '', record.inboxKind);
    const redeemed = await deps.authorizations[record.inboxKind].redeem(app, { code, redirectUrl });
    if (redeemed.kind === 'deferred') throw new PutOff(redeemed.detail);
    if (redeemed.kind !== 'ok') {
      const isWrongApp = redeemed.kind === 'rejected' && redeemed.why === 'wrong-app';
      throw new Failed(isWrongApp ? 'wrong_app' : 'refused', redeemed.detail);
    }
    assertScopes(record.inboxKind, redeemed.value);
    const { inbox, input } = deps.tryInbox(redeemed.value.input, record.defaultSender);
    const described = await inbox.describe();
    if (described.kind !== 'ok') throw new Failed('refused', described.detail);
    await assertAccount(record, described.value);
    await assertSettings(inbox);
    return keep(record, input(), described.value);
  };

  return async (record, app, code) => {
    const { inboxKind: kind } = record;
    const name = inboxKinds[kind].displayName;
    try {
      const workspace = await connect(record, app, code);
      await store.connections.finish(record.id, { workspaceId: workspace.id });
      deps.onChange();
      const { webhookTopics: topics, webhookSettingsPage: page } = inboxKinds[kind];
      return notice(
        200,
        'connected',
        `${name} is connected`,
        `${workspace.name} is the workspace ${workspace.id}.`,
        topics.length === 0
          ? ''
          : `So that agents' answers go out, enter the webhook address and the topics that this shows in ${page}: chatferry workspaces show ${workspace.id}`,
        `Next, connect a bot: chatferry channels create --workspace ${workspace.id}`,
      );
    } catch (cause) {
      if (cause instanceof PutOff) {
        await store.connections.release(record.id);
        return notice(
          503,
          'unavailable',
          `${name} could not be asked`,
          `${cause.message}. Nothing was connected yet.`,
          'Reload this page to try again.',
        );
      }
      if (!(cause instanceof Failed)) throw cause;
      const problem = { code: cause.code, message: cause.message };
      await store.connections.finish(record.id, { problem });
      const again = beginAgain(kind, record.workspaceId);
      return notice(409, cause.code, `${name} was not connected`, sentence(cause.message), again);
    }
  };
}

const sentence = (words: string): string =>
  `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.:!?]$/.test(words) ? '' : '.'}`;
