import type { StoreSlice } from '../../store/store.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';
import { ApiError } from '../api-error.ts';

/** Throws NOT_FOUND. */
export async function findWorkspace(
  { store }: { readonly store: StoreSlice<{ readonly workspaces: 'read' }> },
  id: string,
): Promise<WorkspaceRecord> {
  return assertWorkspace(await store.workspaces.read(id));
}

/** Throws NOT_FOUND. */
export function assertWorkspace(record: WorkspaceRecord | null): WorkspaceRecord {
  if (!record)
    throw new ApiError('NOT_FOUND', { message: 'There is no such workspace. GET /api/v1/workspaces lists them.' });
  return record;
}
