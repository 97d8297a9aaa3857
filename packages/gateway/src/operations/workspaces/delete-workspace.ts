import type { Input } from '@chatferry/contract';
import type { RequestContext } from '../context.ts';
import { findWorkspace } from './find-workspace.ts';
import type { WorkspaceDeps } from './workspace-deps.ts';

export async function deleteWorkspace(
  deps: WorkspaceDeps,
  _context: RequestContext,
  { params }: Input<'deleteWorkspace'>,
): Promise<undefined> {
  await findWorkspace(deps, params.workspace_id);
  await deps.deleteChannelsOf(params.workspace_id);
  await deps.store.workspaces.delete(params.workspace_id);
  deps.onChange();
  return undefined;
}
