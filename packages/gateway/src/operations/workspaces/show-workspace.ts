import type { Workspace } from '@chatferry/contract';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import { inboxHookUrl } from './hook-urls.ts';
import { unsealInbox } from './seal-inbox.ts';
import type { WorkspaceDeps } from './workspace-deps.ts';

export const showWorkspace = ({ vault, publicUrl, inboxKinds }: WorkspaceDeps, record: WorkspaceRecord): Workspace => ({
  id: record.id,
  name: record.name,
  inbox: inboxKinds[record.inboxKind].show(unsealInbox(vault, record)),
  default_sender: record.defaultSender,
  conversation_rules: record.conversationRules,
  webhook_url: inboxHookUrl(publicUrl, inboxKinds[record.inboxKind], record),
  webhook_topics: [...inboxKinds[record.inboxKind].webhookTopics],
  state: record.state,
  problem: record.problem,
  created_at: record.createdAt.toISOString(),
});
