import type { Input, Output, Workspace } from '@chatferry/contract';
import type { RequestContext } from '../context.ts';
import { cutPage } from '../cut-page.ts';
import { unwrapInbox } from './assert-inbox.ts';
import { findWorkspace } from './find-workspace.ts';
import { showWorkspace } from './show-workspace.ts';
import type { WorkspaceDeps } from './workspace-deps.ts';

export async function listWorkspaces(
  deps: WorkspaceDeps,
  _context: RequestContext,
  { query }: Input<'listWorkspaces'>,
): Promise<Output<'listWorkspaces'>> {
  return cutPage(await deps.store.workspaces.list(), query, (record) => showWorkspace(deps, record));
}

export async function getWorkspace(
  deps: WorkspaceDeps,
  _context: RequestContext,
  { params }: Input<'getWorkspace'>,
): Promise<Workspace> {
  return showWorkspace(deps, await findWorkspace(deps, params.workspace_id));
}

/** Lists the inboxes of the account to which bots can be connected. Empty for a kind of inbox without such a choice. */
export async function listInboxes(
  deps: WorkspaceDeps,
  _context: RequestContext,
  { params }: Input<'listInboxes'>,
): Promise<Output<'listInboxes'>> {
  const record = await findWorkspace(deps, params.workspace_id);
  const { inboxes } = deps.openInbox(record);
  if (inboxes === undefined) return { data: [] };
  return { data: [...unwrapInbox(deps.inboxKinds[record.inboxKind], await inboxes.list())] };
}
