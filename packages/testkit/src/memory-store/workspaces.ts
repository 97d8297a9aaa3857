import type { WorkspaceRecord } from '@chatferry/gateway/internal/store/workspaces';
import type { QueryBinder } from './bind-queries.ts';
import { changeState } from './changes.ts';
import type { MemoryDatabase } from './database.ts';

type NewWorkspace = Omit<WorkspaceRecord, 'state' | 'problem' | 'createdAt'>;

export function insertWorkspace(db: MemoryDatabase, row: NewWorkspace): WorkspaceRecord {
  const workspace: WorkspaceRecord = { ...row, state: 'active', problem: null, createdAt: new Date(db.nowMs()) };
  db.workspaces.set(row.id, workspace);
  db.changes += 1;
  return workspace;
}

export const readWorkspace = (db: MemoryDatabase, id: string): WorkspaceRecord | null => db.workspaces.get(id) ?? null;

export const readWorkspaceByHookPath = (db: MemoryDatabase, hookPath: string): WorkspaceRecord | null =>
  [...db.workspaces.values()].find((workspace) => workspace.hookPath === hookPath) ?? null;

export const listWorkspacesOfAccount = (
  db: MemoryDatabase,
  inboxKind: WorkspaceRecord['inboxKind'],
  inboxOrigin: string,
  inboxAccount: string,
): readonly WorkspaceRecord[] =>
  [...db.workspaces.values()].filter(
    (workspace) =>
      workspace.inboxKind === inboxKind &&
      workspace.inboxOrigin === inboxOrigin &&
      workspace.inboxAccount === inboxAccount,
  );

export const listWorkspaces = (db: MemoryDatabase): readonly WorkspaceRecord[] => [...db.workspaces.values()];

export const markWorkspaceBroken = (db: MemoryDatabase, id: string, problem: string): boolean =>
  changeState(db, db.workspaces, id, 'active', { state: 'broken', problem });

export const markWorkspaceActive = (db: MemoryDatabase, id: string): boolean =>
  changeState(db, db.workspaces, id, 'broken', { state: 'active', problem: null });

/** The queries of `store.workspaces`. */
export const workspaces = ({ bind }: QueryBinder) =>
  bind('workspaces', {
    read: readWorkspace,
    readByHookPath: readWorkspaceByHookPath,
    list: listWorkspaces,
    listOfAccount: listWorkspacesOfAccount,
    markBroken: markWorkspaceBroken,
    markActive: markWorkspaceActive,
  });
