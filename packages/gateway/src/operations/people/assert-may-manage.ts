import { mayDecideOf, type Role } from '../../core/access/roles.ts';
import { ApiError, invalidValue } from '../api-error.ts';
import { type RequestContext, requirePrincipal } from '../context.ts';

/** Whether the caller may create, change and delete people, tokens and invitations with this role. */
export function mayManage(context: RequestContext, role: Role): boolean {
  const own = requirePrincipal(context).role;
  return own !== null && mayDecideOf(own, role);
}

/**
 * The one rule about people, their tokens and their invitations. Throws FORBIDDEN unless the caller sees every workspace, because
 * people and tokens belong to the whole installation, and decides about each of these roles.
 */
export function assertMayManage(context: RequestContext, roles: readonly Role[]): void {
  if (requirePrincipal(context).reach.workspaces !== 'all') {
    const message = 'Only a person or token with access to every workspace may do that. Ask an owner.';
    throw new ApiError('FORBIDDEN', { message });
  }
  const refused = roles.find((role) => !mayManage(context, role));
  if (refused === undefined) return;
  throw new ApiError('FORBIDDEN', {
    message: `Only an owner manages people and tokens with the role ${refused}. Ask one.`,
  });
}

/** Throws TYPE_MISMATCH for an owner with fewer than all workspaces (null). */
export function assertWorkspacesFitRole(role: Role, workspaces: readonly string[] | null): void {
  if (role === 'owner' && workspaces !== null)
    throw invalidValue('/workspaces', 'workspaces must be null for an owner, who has access to every workspace.');
}
