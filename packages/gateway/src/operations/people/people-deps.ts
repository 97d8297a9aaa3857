import type { Clock, Random } from '../../ports/clock.ts';
import type { StoreSlice } from '../../store/store.ts';

/** What the operations on people and admin tokens need. */
export interface PeopleDeps {
  readonly store: StoreSlice<{
    readonly people: 'insert' | 'read' | 'list' | 'update' | 'delete' | 'storeInvitation';
    readonly adminTokens: 'insert' | 'read' | 'list' | 'revoke';
  }>;
  readonly clock: Clock;
  readonly random: Random;
}
