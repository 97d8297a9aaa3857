import { coversNetwork } from './covers-network.ts';
import { type Role, rankOf } from './roles.ts';

/** What a key, a token or a person may do, where, for how long, and how often. */
export interface Grant {
  /** Null: a key, which has scopes in place of a role. */
  readonly role: Role | 'operator' | null;
  readonly scopes: readonly string[];
  readonly workspaces: 'all' | readonly string[];
  /** Null: every channel of the workspaces. */
  readonly channelId: string | null;
  /** Empty: from everywhere. */
  readonly networks: readonly string[];
  /** Null: without an end. */
  readonly endsAtMs: number | null;
  /** Null: without a limit of its own. */
  readonly limit: Limit | null;
}

export interface Limit {
  readonly perSecond: number;
  readonly burst: number;
}

/** One thing in which a grant is wider than its giver’s. */
export interface TooWide {
  readonly field: keyof Grant;
  /** The most that the giver may give, in words. */
  readonly allowed: string;
}

/** For each field: what is allowed, in words, if more was asked for; otherwise null. */
type Comparisons = { readonly [F in keyof Grant]: (asked: Grant[F], own: Grant[F]) => string | null };

const listed = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));

const comparisons: Comparisons = {
  role: (asked, own) => (asked === null || (own !== null && rankOf(asked) <= rankOf(own)) ? null : (own ?? 'none')),
  scopes: (asked, own) => (asked.every((scope) => own.includes(scope)) ? null : listed(own)),
  workspaces: (asked, own) => {
    if (own === 'all') return null;
    return asked !== 'all' && asked.every((id) => own.includes(id)) ? null : listed(own);
  },
  channelId: (asked, own) => (own === null || asked === own ? null : own),
  networks: (asked, own) => {
    if (own.length === 0) return null;
    return asked.length > 0 && asked.every((network) => coversNetwork(own, network)) ? null : listed(own);
  },
  endsAtMs: (asked, own) =>
    own === null || (asked !== null && asked <= own) ? null : `${new Date(own).toISOString()} at the latest`,
  limit: (asked, own) => {
    if (own === null) return null;
    const isWithin = asked !== null && asked.perSecond <= own.perSecond && asked.burst <= own.burst;
    return isWithin ? null : `${own.perSecond} requests per second, and ${own.burst} at once`;
  },
};

/**
 * Names each field in which `asked` is wider than `own`. A caller cannot give more than it has: every operation that makes or
 * changes a key, a token or a person asks this.
 */
export function tooWide(asked: Partial<Grant>, own: Grant): readonly TooWide[] {
  return (Object.keys(comparisons) as (keyof Grant)[]).flatMap((field) => {
    const allowed = compareField(field, asked, own);
    return allowed === null ? [] : [{ field, allowed }];
  });
}

function compareField<F extends keyof Grant>(field: F, asked: Partial<Grant>, own: Grant): string | null {
  const value = asked[field];
  return value === undefined ? null : (comparisons[field] as Comparisons[F])(value as Grant[F], own[field]);
}

/** A change of a grant is free if it only narrows; otherwise the whole result must be within the giver’s own grant. */
export function changeTooWide(before: Grant, change: Partial<Grant>, own: Grant): readonly TooWide[] {
  return tooWide(change, before).length === 0 ? [] : tooWide({ ...before, ...change }, own);
}
