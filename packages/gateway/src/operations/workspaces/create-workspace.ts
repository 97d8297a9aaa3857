import { defaultConversationRules, type Input, mergeConversationRules, type Workspace } from '@chatferry/contract';
import type { RequestContext } from '../context.ts';
import { newId } from '../new-id.ts';
import { accountTakenError } from './account-taken.ts';
import { assertInboxAnswers, assertRulesFit, assertSettingsFit } from './assert-inbox.ts';
import { bindInbox, vouchingOrigin } from './bind-inbox.ts';
import { sealInbox } from './seal-inbox.ts';
import { showWorkspace } from './show-workspace.ts';
import type { WorkspaceDeps } from './workspace-deps.ts';

export async function createWorkspace(
  deps: WorkspaceDeps,
  _context: RequestContext,
  { body }: Input<'createWorkspace'>,
): Promise<Workspace> {
  const { kind } = body.inbox;
  const defaultSender = body.default_sender ?? null;
  const named = deps.inboxKinds[kind];
  const { inbox, input } = deps.tryInbox(bindInbox(deps, body.inbox), defaultSender);
  const { accountId } = await assertInboxAnswers(named, inbox, defaultSender);
  await assertSettingsFit(named, inbox);
  const conversationRules = mergeConversationRules(defaultConversationRules(kind), body.conversation_rules ?? {});
  if (body.conversation_rules) await assertRulesFit(named, inbox, conversationRules);
  const id = newId('workspace', deps.clock, deps.random);
  const record = await deps.store.workspaces.insert({
    id,
    name: body.name,
    inboxKind: kind,
    ...sealInbox(deps.vault, id, input()),
    defaultSender,
    conversationRules,
    inboxAccount: accountId,
    inboxOrigin: accountId === null ? null : vouchingOrigin(deps, input()),
    hookPath: deps.random.bytes(24).toString('base64url'),
  });
  if (record === null) throw accountTakenError();
  // An event of the account may have come before, and found no workspace.
  deps.onChange();
  return showWorkspace(deps, record);
}
