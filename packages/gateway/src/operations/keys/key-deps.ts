import type { StoreSlice } from '../../store/store.ts';
import type { LimitBounds } from '../assert-grant.ts';
import type { MintKeyDeps } from './mint-key.ts';

/** What the operations on API keys need. */
export interface KeyDeps extends MintKeyDeps {
  readonly store: StoreSlice<{
    readonly keys: 'insert' | 'read' | 'list' | 'update' | 'retire' | 'revoke' | 'delete';
    readonly channels: 'read';
    readonly workspaces: 'read';
  }>;
  readonly bounds: LimitBounds;
  readonly onChange: () => void;
}
