import { type ConversationRules, type Input, mergeConversationRules, type Workspace } from '@chatferry/contract';
import type { InboxAccount } from '../../ports/inbox.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import { invalidValue } from '../api-error.ts';
import type { RequestContext } from '../context.ts';
import { accountTakenError } from './account-taken.ts';
import { assertInboxAnswers, assertRulesFit, assertSettingsFit } from './assert-inbox.ts';
import { bindInbox, vouchingOrigin } from './bind-inbox.ts';
import { assertWorkspace, findWorkspace } from './find-workspace.ts';
import { sealInbox } from './seal-inbox.ts';
import { showWorkspace } from './show-workspace.ts';
import type { TriedInbox } from './try-inbox.ts';
import { updateAccount } from './update-account.ts';
import type { WorkspaceDeps } from './workspace-deps.ts';

type Body = Input<'updateWorkspace'>['body'];

/** Changes a workspace. Everything that concerns the inbox is tried there first. A new credential repairs a broken workspace. */
export async function updateWorkspace(
  deps: WorkspaceDeps,
  _context: RequestContext,
  { params, body }: Input<'updateWorkspace'>,
): Promise<Workspace> {
  const before = await findWorkspace(deps, params.workspace_id);
  assertSameKind(before, body);
  const { tried, account, rules } = await tryChange(deps, before, body);
  const isRepaired = body.inbox !== undefined && before.state === 'broken';
  const change = {
    ...(body.name === undefined ? {} : { name: body.name }),
    ...(tried === null
      ? {}
      : sealInbox(deps.vault, before.id, tried.input(), { record: before, nowMs: deps.clock.nowMs() })),
    ...(body.default_sender === undefined ? {} : { defaultSender: body.default_sender }),
    ...(body.conversation_rules === undefined ? {} : { conversationRules: rules }),
    ...(isRepaired ? ({ state: 'active', problem: null } as const) : {}),
    ...(body.state === undefined ? {} : { state: body.state, problem: null }),
  };
  const record =
    tried === null || account === null
      ? await deps.store.workspaces.update(before.id, change)
      : await updateAccount(deps.store, before, change, vouchedFor(deps, tried, account));
  if (record === 'account-taken') throw accountTakenError();
  // What waited for the inbox under its former credential is due now.
  if (body.inbox !== undefined) await deps.store.lanes.wake(before.id);
  deps.onChange();
  return showWorkspace(deps, assertWorkspace(record));
}

const vouchedFor = (deps: WorkspaceDeps, tried: TriedInbox, { accountId }: InboxAccount) => ({
  accountId,
  origin: vouchingOrigin(deps, tried.input()),
});

function assertSameKind({ inboxKind }: WorkspaceRecord, { inbox }: Body): void {
  if (inbox === undefined || inbox.kind === inboxKind) return;
  throw invalidValue(
    '/inbox/kind',
    `inbox.kind must stay ${inboxKind}; connect the other inbox as a workspace of its own.`,
  );
}

interface TriedChange {
  /** Null if the configuration of the inbox does not change. */
  readonly tried: TriedInbox | null;
  /** Null if the inbox was not asked. */
  readonly account: InboxAccount | null;
  readonly rules: ConversationRules;
}

/** Throws INBOX_REFUSED, TYPE_MISMATCH or UNAVAILABLE where the inbox does not accept the change. */
async function tryChange(deps: WorkspaceDeps, before: WorkspaceRecord, body: Body): Promise<TriedChange> {
  const named = deps.inboxKinds[before.inboxKind];
  const sender = body.default_sender === undefined ? before.defaultSender : body.default_sender;
  const tried = body.inbox ? deps.tryInbox(bindInbox(deps, body.inbox), sender) : null;
  const inbox = tried?.inbox ?? (body.default_sender || body.conversation_rules ? deps.openInbox(before) : null);
  const account = inbox === null ? null : await assertInboxAnswers(named, inbox, sender);
  if (tried !== null) await assertSettingsFit(named, tried.inbox);
  const rules = mergeConversationRules(before.conversationRules, body.conversation_rules ?? {});
  if (inbox !== null && body.conversation_rules) await assertRulesFit(named, inbox, rules);
  return { tried, account, rules };
}
