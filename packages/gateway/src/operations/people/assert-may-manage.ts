import { mayDecideOf, type Role } from '../../core/access/roles.ts';
import { ApiError, invalidValue } from '../api-error.ts';
import { type RequestContext, requirePrincipal } from '../context.ts';

/** Throws FORBIDDEN unless the caller sees every workspace: people and tokens belong to the whole installation. */
export function assertSeesAll(context: RequestContext): void {
  if (requirePrincipal(context).reach.workspaces === 'all') return;
  const message = 'Only a person or token with access to every workspace may do that. Ask an owner.';
  throw new ApiError('FORBIDDEN', { message });
}

/** Throws FORBIDDEN unless the caller may create, change and delete people and tokens with this role. */
export function assertMayManageRole(context: RequestContext, role: Role): void {
  assertSeesAll(context);
  const own = requirePrincipal(context).role;
  if (own !== null && mayDecideOf(own, role)) return;
  throw new ApiError('FORBIDDEN', {
    message: `Only an owner manages people and tokens with the role ${role}. Ask one.`,
  });
}

/** Throws TYPE_MISMATCH for an owner with fewer than all workspaces (null). */
export function assertWorkspacesFitRole(role: Role, workspaces: readonly string[] | null): void {
  if (role === 'owner' && workspaces !== null)
    throw invalidValue('/workspaces', 'workspaces must be null for an owner, who has access to every workspace.');
}
