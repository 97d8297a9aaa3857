import { bindHandlers } from '../bind-handlers.ts';
import { createWorkspace } from './create-workspace.ts';
import { deleteWorkspace } from './delete-workspace.ts';
import { getWorkspace, listInboxes, listWorkspaces } from './read-workspaces.ts';
import { updateWorkspace } from './update-workspace.ts';
import type { WorkspaceDeps } from './workspace-deps.ts';

/** Manages the workspaces: the connected inbox accounts. */
export const workspaceHandlers = (deps: WorkspaceDeps) =>
  bindHandlers(deps, {
    createWorkspace,
    listWorkspaces,
    getWorkspace,
    updateWorkspace,
    listInboxes,
    deleteWorkspace,
  });
