import { defaultKeyScopes, type Problem } from '@chatferry/contract';
import { changeTooWide, type Grant, type Limit, type TooWide, tooWide } from '../core/access/grant.ts';
import { ApiError } from './api-error.ts';
import { type RequestContext, requirePrincipal } from './context.ts';

/** The rate limits that the operator allows. */
export interface LimitBounds {
  /** The most that a caller with access to only some workspaces can give. */
  readonly defaultLimit: Limit;
  /** The most that a caller can give. */
  readonly maxLimit: Limit;
}

const lowest = (a: Limit, b: Limit): Limit => ({
  perSecond: Math.min(a.perSecond, b.perSecond),
  burst: Math.min(a.burst, b.burst),
});

/** The most that the caller can give. Without `bounds` for what has no rate limit. */
export function ownGrant(context: RequestContext, bounds: LimitBounds | null): Grant {
  const { grant, reach } = requirePrincipal(context);
  if (bounds === null) return grant;
  const bound = reach.workspaces === 'all' ? bounds.maxLimit : bounds.defaultLimit;
  return { ...grant, limit: grant.limit === null ? bound : lowest(grant.limit, bound) };
}

/** What a key gets where the request does not say: the usual, as far as the caller has it. */
export function usualKeyGrant(
  own: Grant,
  bounds: LimitBounds,
): Pick<Grant, 'scopes' | 'networks' | 'endsAtMs'> & {
  readonly limit: Limit;
} {
  const { networks, endsAtMs } = own;
  const limit = own.limit === null ? bounds.defaultLimit : lowest(bounds.defaultLimit, own.limit);
  return { scopes: defaultKeyScopes.filter((scope) => own.scopes.includes(scope)), networks, endsAtMs, limit };
}

/** Throws FORBIDDEN, with every field that is too wide, unless the caller has itself what it gives. */
export function assertGrant(own: Grant, asked: Grant): void {
  refuse(tooWide(asked, own));
}

/** The same for a change. One that only narrows is always allowed. */
export function assertGrantChange(own: Grant, before: Grant, change: Partial<Grant>): void {
  refuse(changeTooWide(before, change, own));
}

const pointers: Readonly<Record<keyof Grant, string>> = {
  role: '/role',
  scopes: '/scopes',
  workspaces: '/workspaces',
  channelId: '/channel_id',
  networks: '/networks',
  endsAtMs: '/expires_at',
  limit: '/limit',
};

function refuse(fields: readonly TooWide[]): void {
  if (fields.length === 0) return;
  const details: readonly Problem[] = fields.map(({ field, allowed }) => {
    const pointer = pointers[field];
    return { pointer, message: `${pointer.slice(1)} is wider than what you may give: ${allowed}.` };
  });
  const message = `You cannot give more than you have: ${details.map((one) => one.message).join(' ')} Ask for less, use a credential that has more, or ask the operator.`;
  throw new ApiError('FORBIDDEN', { message, details });
}
