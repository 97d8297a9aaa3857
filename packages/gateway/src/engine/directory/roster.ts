import type { StoreSlice } from '../../store/store.ts';
import type { WorkspaceRecord } from '../../store/workspaces.ts';

/**
 * All workspaces as the store had them when it was last read. Tells whose webhook is called while the store is unavailable, and
 * spares a look-up in the store for an address that no workspace has.
 */
export interface Roster {
  /** The workspaces that have this webhook path, or this account at an address that all accounts share. */
  find(inboxKind: WorkspaceRecord['inboxKind'], at: RosterPlace): readonly WorkspaceRecord[];
  /** Says that a workspace may have changed. */
  expire(): void;
  /** Reads the workspaces again if they may have changed. */
  refresh(): Promise<void>;
}

export interface RosterSource {
  readonly store: StoreSlice<{ readonly workspaces: 'list' }>;
  /** The origin that vouches for accounts at the address that all of them share: that of the settings, or of the vendor. */
  sharedOriginOf(inboxKind: WorkspaceRecord['inboxKind']): string;
}

export type RosterPlace = { readonly hookPath: string } | { readonly account: string };

export function createRoster({ store, sharedOriginOf }: RosterSource): Roster {
  let isExpired = true;
  let places: ReadonlyMap<string, readonly WorkspaceRecord[]> = new Map();
  return {
    find: (inboxKind, at) => places.get(nameOf(inboxKind, at)) ?? [],
    expire() {
      isExpired = true;
    },
    async refresh() {
      if (!isExpired) return;
      isExpired = false;
      try {
        places = placesOf(await store.workspaces.list(), sharedOriginOf);
      } catch (cause) {
        isExpired = true;
        throw cause;
      }
    },
  };
}

function placesOf(
  records: readonly WorkspaceRecord[],
  sharedOriginOf: RosterSource['sharedOriginOf'],
): ReadonlyMap<string, readonly WorkspaceRecord[]> {
  const places = new Map<string, WorkspaceRecord[]>();
  const add = (record: WorkspaceRecord, at: RosterPlace): void => {
    const name = nameOf(record.inboxKind, at);
    const there = places.get(name);
    if (there === undefined) places.set(name, [record]);
    else there.push(record);
  };
  for (const record of records) {
    add(record, { hookPath: record.hookPath });
    // Another server could claim any account.
    const isVouchedFor = record.inboxOrigin === sharedOriginOf(record.inboxKind);
    if (record.inboxAccount !== null && isVouchedFor) add(record, { account: record.inboxAccount });
  }
  return places;
}

const nameOf = (inboxKind: string, at: RosterPlace): string =>
  'hookPath' in at ? `${inboxKind} path ${at.hookPath}` : `${inboxKind} account ${at.account}`;
